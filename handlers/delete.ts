import { configOf } from "../aws/config.ts";
import { fanOutPorts, framePorts } from "../aws/ports.ts";
import { newMessageId, now } from "../aws/runtime.ts";
import { conversations } from "../aws/table/conversations.ts";
import { pairOf } from "../aws/table/keys.ts";
import { messages } from "../aws/table/messages.ts";
import { reactions } from "../aws/table/reactions.ts";
import { tableOf } from "../aws/table/table.ts";
import { Delete } from "../chat/protocol/client-frames.ts";
import { deleteMessage } from "../chat/use-cases/delete.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.deleteMessage);
const table = tableOf(config);
const retention = { now, retentionDays: config.messageRetentionDays };

export const handler = routeResponseLambda(Delete, deleteMessage, {
  ...framePorts(config),
  ...(await fanOutPorts(config)),
  messages: messages(table, retention),
  conversations: conversations(table, retention),
  reactions: reactions(table, retention),
  storesReactions: config.storesReactions,
  moderators: config.moderators,
  ownMessageMinutes: config.ownMessageMinutes,
  directConversations: config.directConversations,
  pairOf,
  newMessageId,
});
