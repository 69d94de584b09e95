import { presence } from "../aws/presence.ts";
import { moderators, now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { mutes } from "../aws/table/mutes.ts";
import { table } from "../aws/table/table.ts";
import { membershipIn } from "../chat/connection.ts";
import { refuseOutsider } from "../chat/membership.ts";
import { refuseMuted, type SpeechPorts } from "../chat/moderation.ts";
import type { Channels, Connections } from "../chat/ports.ts";
import { type PresencePorts, tell } from "../chat/presence.ts";
import { Typing } from "../chat/protocol.ts";
import { type FrameHandler, pushingLambda } from "./frame-lambda.ts";

interface Ports extends PresencePorts, SpeechPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
}

/** Told and forgotten: nothing is stored, and nothing answered. */
export const typing: FrameHandler<Typing, Ports> = async (ports, { connected, frame: { channel } }) => {
  if (!membershipIn(connected, channel)) return { refusal: await refuseOutsider(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  await tell(ports, { channel, frame: { type: "typing", channel, user: connected.user }, about: connected });
  return {};
};

export const handler = pushingLambda(Typing, typing, {
  ...presence,
  channels: channels(table, now),
  mutes: mutes(table, now),
  moderators,
});
