import { configOf } from "../aws/config.ts";
import { framePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { channels as channelsOf } from "../aws/table/channels.ts";
import { tableOf } from "../aws/table/table.ts";
import { ListChannels } from "../chat/protocol/list-frames.ts";
import { channels } from "../chat/use-cases/channels.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.channels);

export const handler = routeResponseLambda(ListChannels, channels, {
  ...framePorts(config),
  channels: channelsOf(tableOf(config), now),
});
