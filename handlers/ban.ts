import { configOf } from "../aws/config.ts";
import { handOver } from "../aws/invoke-worker.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { bans } from "../aws/table/moderation.ts";
import { tableOf } from "../aws/table/table.ts";
import { Ban } from "../chat/protocol/moderation-frames.ts";
import { ban } from "../chat/use-cases/ban.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.ban);

export const handler = routeResponseLambda(Ban, ban, {
  ...framePorts(config),
  ...presencePorts(config),
  handOver: handOver(config),
  bans: bans(tableOf(config), now),
  moderators: config.moderators,
});
