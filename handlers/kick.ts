import { configOf } from "../aws/config.ts";
import { handOver } from "../aws/invoke-worker.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { Kick } from "../chat/protocol/moderation-frames.ts";
import { kick } from "../chat/use-cases/kick.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.kick);

export const handler = routeResponseLambda(Kick, kick, {
  ...framePorts(config),
  ...presencePorts(config),
  handOver: handOver(config),
  moderators: config.moderators,
});
