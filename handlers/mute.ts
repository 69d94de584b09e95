import { metrics } from "../aws/metrics.ts";
import { push } from "../aws/push/push.ts";
import { moderators, now, pause, random } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { mutes } from "../aws/table/mutes.ts";
import { table } from "../aws/table/table.ts";
import { users } from "../aws/table/users.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { Mute } from "../chat/protocol/client-frames.ts";
import { mute } from "../chat/use-cases/mute.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Mute, mute, {
  ...takingFrames,
  channels: channels(table, now),
  mutes: mutes(table, now),
  users: users(table, now),
  push,
  pause,
  random,
  count: (metric, value) => metrics.count(metric, value),
  moderators,
});
