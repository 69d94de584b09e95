import { membershipIn } from "../connection.ts";
import { type MutePorts, refuseMuted } from "../moderation.ts";
import type { Channels, Connections } from "../ports.ts";
import { notifyChannel, type PresencePorts } from "../presence/presence.ts";
import type { Typing } from "../protocol/client-frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts, MutePorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
}

/** Stores nothing and sends no acknowledgement. */
export const typing: FrameHandler<Typing, Ports> = async (ports, { connected, frame: { channel } }) => {
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  await notifyChannel(ports, { channel, frame: { type: "typing", channel, user: connected.user }, about: connected });
  return {};
};
