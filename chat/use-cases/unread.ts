import { type Connected, isAuthenticated, membershipIn } from "../connection.ts";
import { type ConversationPorts, logOf, NOT_STORED } from "../conversations.ts";
import type { Channels } from "../ports.ts";
import { echoId } from "../protocol/frames.ts";
import type { Unread } from "../protocol/read-frames.ts";
import type { ReadMarkers } from "../read-markers.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ConversationPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly readMarkers: Pick<ReadMarkers, "list" | "listConversations" | "get" | "count">;
  /** Whether users learn how far others have read their direct messages. */
  readonly readReceipts: boolean;
}

/** Counts the unread messages of some channels and conversations, by default of all channels of the connection. */
export const unread: FrameHandler<Unread, Ports> = async (ports, { connected, frame }) => {
  const { conversations } = frame;
  const memberships = conversations ? [] : connected.memberships.map(({ channel }) => channel);
  const channels = [...new Set(frame.channels ?? memberships)];
  const foreign = channels.find((channel) => !membershipIn(connected, channel));
  if (foreign !== undefined) return { refusal: await refuseNonMember(ports, foreign) };
  if (conversations && !(ports.directConversations && isAuthenticated(connected))) return { refusal: NOT_STORED };
  const [counts, direct] = await Promise.all([
    countChannels(ports, connected, channels),
    conversations && countConversations(ports, connected, conversations),
  ]);
  return { reply: { type: "unread", ...echoId(frame), counts, ...(direct && { conversations: direct }) } };
};

async function countChannels({ readMarkers }: Ports, { user }: Connected, channels: readonly string[]) {
  if (channels.length === 0) return [];
  const markers = await readMarkers.list(user);
  const counting = channels.map(async (channel) => {
    const after = markers.get(channel);
    const counted = await readMarkers.count({ user, channel, after });
    return { channel, ...counted, ...(after !== undefined && { read: after }) };
  });
  return Promise.all(counting);
}

async function countConversations(
  ports: Ports,
  connected: Connected,
  conversations: NonNullable<Unread["conversations"]>,
) {
  const { readMarkers, readReceipts } = ports;
  const { user } = connected;
  const asked = conversations.map((each) => ({ ...each, log: logOf(ports, connected, each) }));
  const markers = await readMarkers.listConversations(
    user,
    asked.map(({ log }) => log),
  );
  const counting = asked.map(async ({ direct, publisher, log }) => {
    const after = markers.get(log);
    const [counted, receipt] = await Promise.all([
      readMarkers.count({ user, channel: log, after }),
      readReceipts && !publisher ? readMarkers.get(direct, log) : undefined,
    ]);
    return {
      ...{ direct, ...(publisher && { publisher }), ...counted },
      ...(after !== undefined && { read: after }),
      ...(receipt !== undefined && { receipt }),
    };
  });
  return Promise.all(counting);
}
