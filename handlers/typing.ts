import { presence } from "../aws/presence.ts";
import { moderators, now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { mutes } from "../aws/table/mutes.ts";
import { table } from "../aws/table/table.ts";
import { Typing } from "../chat/protocol/client-frames.ts";
import { typing } from "../chat/use-cases/typing.ts";
import { pushingLambda } from "./runtime/frame-lambda.ts";

export const handler = pushingLambda(Typing, typing, {
  ...presence,
  channels: channels(table, now),
  mutes: mutes(table, now),
  moderators,
});
