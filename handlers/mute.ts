import { configOf } from "../aws/config.ts";
import { emitter } from "../aws/events/event-queue.ts";
import { metrics } from "../aws/metrics.ts";
import { framePorts } from "../aws/ports.ts";
import { push } from "../aws/push/management-api.ts";
import { now, pause, random } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { mutes } from "../aws/table/moderation.ts";
import { tableOf } from "../aws/table/table.ts";
import { users } from "../aws/table/users.ts";
import { Mute } from "../chat/protocol/moderation-frames.ts";
import { mute } from "../chat/use-cases/mute.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.mute);
const table = tableOf(config);

export const handler = routeResponseLambda(Mute, mute, {
  ...framePorts(config),
  channels: channels(table, now),
  mutes: mutes(table, now),
  users: users(table, now),
  push: push(config),
  pause,
  random,
  count: (metric, value) => metrics.count(metric, value),
  emit: emitter(config),
  moderators: config.moderators,
});
