import { presence } from "../aws/presence.ts";
import { channelMakers, now, privateChannels, tagOf } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { invitations } from "../aws/table/invitations.ts";
import { table } from "../aws/table/table.ts";
import { Join } from "../chat/protocol/client-frames.ts";
import { join } from "../chat/use-cases/join.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Join, join, {
  ...presence,
  channels: channels(table, now),
  invitations: invitations(table, now),
  tagOf,
  channelMakers,
  privateChannels,
});
