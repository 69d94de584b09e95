import { configOf } from "../aws/config.ts";
import { framePorts, presencePorts } from "../aws/ports.ts";
import { now, tagOf } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { invitations } from "../aws/table/invitations.ts";
import { lastingChannels } from "../aws/table/lasting-channels.ts";
import { tableOf } from "../aws/table/table.ts";
import { Invite } from "../chat/protocol/moderation-frames.ts";
import { invite } from "../chat/use-cases/invite.ts";
import { routeResponseLambda } from "./runtime/frame-lambda.ts";
import * as settings from "./settings.ts";

const config = configOf(settings.invite);
const table = tableOf(config);

export const handler = routeResponseLambda(Invite, invite, {
  ...framePorts(config),
  ...presencePorts(config),
  channels: channels(table, now),
  invitations: invitations(table, now),
  lastingChannels: lastingChannels(table),
  lastingMembership: config.lastingMembership,
  tagOf,
});
