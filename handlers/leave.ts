import { configOf } from "../aws/config.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { lastingChannels } from "../aws/table/lasting-channels.ts";
import { tableOf } from "../aws/table/table.ts";
import { Leave } from "../chat/protocol/client-frames.ts";
import { leave } from "../chat/use-cases/leave.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.leave);
const table = tableOf(config);

export const handler = routeResponseLambda(Leave, leave, {
  ...framePorts(config),
  ...presencePorts(config),
  channels: channels(table, now),
  lastingChannels: lastingChannels(table),
  lastingMembership: config.lastingMembership,
});
