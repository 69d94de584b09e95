import { configOf } from "../aws/config.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { mutes } from "../aws/table/moderation.ts";
import { tableOf } from "../aws/table/table.ts";
import { Typing } from "../chat/protocol/client-frames.ts";
import { typing } from "../chat/use-cases/typing.ts";
import { pushReplyLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.typing);
const table = tableOf(config);

export const handler = pushReplyLambda(Typing, typing, {
  ...framePorts(config),
  ...presencePorts(config),
  channels: channels(table, now),
  mutes: mutes(table, now),
  moderators: config.moderators,
});
