import { configOf } from "../aws/config.ts";
import { metrics } from "../aws/metrics.ts";
import { framePorts } from "../aws/ports.ts";
import { push } from "../aws/push/management-api.ts";
import { now, pause, random } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { pairOf } from "../aws/table/keys.ts";
import { readMarkers } from "../aws/table/read-markers.ts";
import { tableOf } from "../aws/table/table.ts";
import { users } from "../aws/table/users.ts";
import { Read } from "../chat/protocol/read-frames.ts";
import { read } from "../chat/use-cases/read.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.read);
const table = tableOf(config);
const { messageRetentionDays, directConversations, readReceipts } = config;

export const handler = routeResponseLambda(Read, read, {
  ...framePorts(config),
  channels: channels(table, now),
  readMarkers: readMarkers(table, { now, retentionDays: messageRetentionDays }),
  users: users(table, now),
  push: push(config),
  pause,
  random,
  count: (metric, value) => metrics.count(metric, value),
  messageRetentionDays,
  directConversations,
  readReceipts,
  pairOf,
});
