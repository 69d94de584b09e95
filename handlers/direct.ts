import { configOf } from "../aws/config.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { newMessageId } from "../aws/runtime.ts";
import { Direct } from "../chat/protocol/client-frames.ts";
import { direct } from "../chat/use-cases/direct.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";
import { directSettings } from "./settings.ts";

const config = configOf(directSettings);

export const handler = answeringLambda(Direct, direct, {
  ...framePorts(config),
  ...presencePorts(config),
  newMessageId,
});
