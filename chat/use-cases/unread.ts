import { membershipIn } from "../connection.ts";
import type { Channels } from "../ports.ts";
import { echoId } from "../protocol/frames.ts";
import type { Unread } from "../protocol/read-frames.ts";
import type { ReadMarkers } from "../read-markers.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly readMarkers: Pick<ReadMarkers, "ofChannels" | "count">;
}

/** Counts the unread messages of some channels, by default of all channels of the connection. */
export const unread: FrameHandler<Unread, Ports> = async (ports, { connected, frame }) => {
  const { channels = connected.memberships.map(({ channel }) => channel) } = frame;
  const foreign = channels.find((channel) => !membershipIn(connected, channel));
  if (foreign !== undefined) return { refusal: await refuseNonMember(ports, foreign) };
  const { user } = connected;
  const markers = await ports.readMarkers.ofChannels(user);
  const counting = [...new Set(channels)].map(async (channel) => {
    const after = markers.get(channel);
    const counted = await ports.readMarkers.count({ user, channel, after });
    return { channel, ...counted, ...(after !== undefined && { read: after }) };
  });
  return { reply: { type: "unread", ...echoId(frame), counts: await Promise.all(counting) } };
};
