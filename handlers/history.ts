import { configOf } from "../aws/config.ts";
import { framePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { pairOf } from "../aws/table/keys.ts";
import { messages } from "../aws/table/messages.ts";
import { reactions } from "../aws/table/reactions.ts";
import { readMarkers } from "../aws/table/read-markers.ts";
import { tableOf } from "../aws/table/table.ts";
import { History } from "../chat/protocol/history-frames.ts";
import { history } from "../chat/use-cases/history.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.history);
const table = tableOf(config);
const log = { now, retentionDays: config.messageRetentionDays };

export const handler = routeResponseLambda(History, history, {
  ...framePorts(config),
  channels: channels(table, now),
  messages: messages(table, log),
  reactions: reactions(table, log),
  storesReactions: config.storesReactions,
  readMarkers: readMarkers(table, log),
  moderators: config.moderators,
  directConversations: config.directConversations,
  readReceipts: config.readReceipts,
  pairOf,
});
