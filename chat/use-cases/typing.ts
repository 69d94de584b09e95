import { membershipIn } from "../connection.ts";
import { refuseMuted, type SpeechPorts } from "../moderation.ts";
import type { Channels, Connections } from "../ports.ts";
import { type PresencePorts, tell } from "../presence/presence.ts";
import type { Typing } from "../protocol/client-frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts, SpeechPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
}

/** Told and forgotten: nothing is stored, and nothing answered. */
export const typing: FrameHandler<Typing, Ports> = async (ports, { connected, frame: { channel } }) => {
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  await tell(ports, { channel, frame: { type: "typing", channel, user: connected.user }, about: connected });
  return {};
};
