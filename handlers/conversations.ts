import { configOf } from "../aws/config.ts";
import { framePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { conversations as conversationsOf } from "../aws/table/conversations.ts";
import { tableOf } from "../aws/table/table.ts";
import { ListConversations } from "../chat/protocol/history-frames.ts";
import { conversations } from "../chat/use-cases/conversations.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.conversations);

export const handler = routeResponseLambda(ListConversations, conversations, {
  ...framePorts(config),
  conversations: conversationsOf(tableOf(config), { now, retentionDays: config.messageRetentionDays }),
});
