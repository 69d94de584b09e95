import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { Leave } from "../chat/protocol/client-frames.ts";
import { leave } from "../chat/use-cases/leave.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Leave, leave, { ...presence, channels: channels(table, now) });
