import { presence } from "../aws/presence.ts";
import { newMessageId } from "../aws/runtime.ts";
import { Direct } from "../chat/protocol/client-frames.ts";
import { direct } from "../chat/use-cases/direct.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Direct, direct, { ...presence, newMessageId });
