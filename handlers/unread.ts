import { configOf } from "../aws/config.ts";
import { framePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { pairOf } from "../aws/table/keys.ts";
import { readMarkers } from "../aws/table/read-markers.ts";
import { tableOf } from "../aws/table/table.ts";
import { Unread } from "../chat/protocol/read-frames.ts";
import { unread } from "../chat/use-cases/unread.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.unread);
const table = tableOf(config);

export const handler = routeResponseLambda(Unread, unread, {
  ...framePorts(config),
  channels: channels(table, now),
  readMarkers: readMarkers(table, { now, retentionDays: config.messageRetentionDays }),
  directConversations: config.directConversations,
  readReceipts: config.readReceipts,
  pairOf,
});
