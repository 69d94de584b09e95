import { handOver } from "../aws/invoke-worker.ts";
import { presence } from "../aws/presence.ts";
import { moderators, now } from "../aws/runtime.ts";
import { bans } from "../aws/table/bans.ts";
import { table } from "../aws/table/table.ts";
import { Ban } from "../chat/protocol/client-frames.ts";
import { ban } from "../chat/use-cases/ban.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Ban, ban, { ...presence, handOver, bans: bans(table, now), moderators });
