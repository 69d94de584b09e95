import { configOf } from "../aws/config.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { newMessageId, now } from "../aws/runtime.ts";
import { conversations, knownUsers } from "../aws/table/conversations.ts";
import { pairOf } from "../aws/table/keys.ts";
import { messages, repeats } from "../aws/table/messages.ts";
import { tableOf } from "../aws/table/table.ts";
import { Direct } from "../chat/protocol/client-frames.ts";
import { direct } from "../chat/use-cases/direct.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.direct);
const table = tableOf(config);
const log = { now, retentionDays: config.messageRetentionDays };

export const handler = routeResponseLambda(Direct, direct, {
  ...framePorts(config),
  ...presencePorts(config),
  messages: messages(table, log),
  conversations: conversations(table, log),
  knownUsers: knownUsers(table),
  repeats: repeats(table, now),
  directConversations: config.directConversations,
  ownMessageMinutes: config.ownMessageMinutes,
  pairOf,
  newMessageId,
});
