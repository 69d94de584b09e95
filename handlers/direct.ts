import { configOf } from "../aws/config.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { newMessageId } from "../aws/runtime.ts";
import { Direct } from "../chat/protocol/client-frames.ts";
import { direct } from "../chat/use-cases/direct.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.direct);

export const handler = routeResponseLambda(Direct, direct, {
  ...framePorts(config),
  ...presencePorts(config),
  newMessageId,
});
