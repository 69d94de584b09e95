import { handOver } from "../aws/invoke-worker.ts";
import { presence } from "../aws/presence.ts";
import { moderators } from "../aws/runtime.ts";
import { Kick } from "../chat/protocol/client-frames.ts";
import { kick } from "../chat/use-cases/kick.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Kick, kick, { ...presence, handOver, moderators });
