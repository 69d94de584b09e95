import { configOf } from "../aws/config.ts";
import { fanOutPorts, framePorts } from "../aws/ports.ts";
import { reviewer } from "../aws/review.ts";
import { digestOf, newMessageId, now } from "../aws/runtime.ts";
import { conversations } from "../aws/table/conversations.ts";
import { pairOf } from "../aws/table/keys.ts";
import { messages } from "../aws/table/messages.ts";
import { mutes } from "../aws/table/moderation.ts";
import { tableOf } from "../aws/table/table.ts";
import { Edit } from "../chat/protocol/client-frames.ts";
import { editMessage } from "../chat/use-cases/edit.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.edit);
const table = tableOf(config);
const retention = { now, retentionDays: config.messageRetentionDays };

export const handler = routeResponseLambda(Edit, editMessage, {
  ...framePorts(config),
  ...(await fanOutPorts(config)),
  messages: messages(table, retention),
  conversations: conversations(table, retention),
  mutes: mutes(table, now),
  moderators: config.moderators,
  ownMessageMinutes: config.ownMessageMinutes,
  reviewer: reviewer(config),
  digestOf,
  directConversations: config.directConversations,
  pairOf,
  newMessageId,
});
