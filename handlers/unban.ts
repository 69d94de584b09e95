import { moderators, now } from "../aws/runtime.ts";
import { bans } from "../aws/table/bans.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { Unban } from "../chat/protocol/client-frames.ts";
import { unban } from "../chat/use-cases/unban.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Unban, unban, { ...takingFrames, bans: bans(table, now), moderators });
