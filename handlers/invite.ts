import { presence } from "../aws/presence.ts";
import { now, tagOf } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { invitations } from "../aws/table/invitations.ts";
import { table } from "../aws/table/table.ts";
import { Invite } from "../chat/protocol/client-frames.ts";
import { invite } from "../chat/use-cases/invite.ts";
import { answeringLambda } from "./runtime/frame-lambda.ts";

export const handler = answeringLambda(Invite, invite, {
  ...presence,
  channels: channels(table, now),
  invitations: invitations(table, now),
  tagOf,
});
