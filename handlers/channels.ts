import { now } from "../aws/runtime.ts";
import { channels as channelsOf } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { ListChannels } from "../chat/protocol/client-frames.ts";
import { channels } from "../chat/use-cases/channels.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(ListChannels, channels, {
  ...takingFrames,
  channels: channelsOf(table, now),
});
