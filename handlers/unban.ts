import { configOf } from "../aws/config.ts";
import { emitter } from "../aws/events/event-queue.ts";
import { framePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { bans } from "../aws/table/moderation.ts";
import { tableOf } from "../aws/table/table.ts";
import { Unban } from "../chat/protocol/moderation-frames.ts";
import { unban } from "../chat/use-cases/unban.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.unban);

export const handler = routeResponseLambda(Unban, unban, {
  ...framePorts(config),
  bans: bans(tableOf(config), now),
  emit: emitter(config),
  moderators: config.moderators,
});
