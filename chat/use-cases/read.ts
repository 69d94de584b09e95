import { LOBBY } from "../channel.ts";
import { membershipIn } from "../connection.ts";
import { type ConversationPorts, logOf, refuseTarget } from "../conversations.ts";
import { oldestKeptId, STORABLE_MILLISECONDS, sentAt } from "../message.ts";
import { NOT_IN_CONVERSATION, UNKNOWN_MESSAGE } from "../own-messages.ts";
import type { Channels } from "../ports.ts";
import { type Notice, type NotifyUserPorts, notifyUser } from "../presence/user-connections.ts";
import { acknowledge } from "../protocol/frames.ts";
import type { Read } from "../protocol/read-frames.ts";
import type { ReadMarkers } from "../read-markers.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends NotifyUserPorts, ConversationPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly readMarkers: Pick<ReadMarkers, "advance" | "hasMessage">;
  readonly messageRetentionDays: number;
  /** Whether users learn how far others have read their direct messages. */
  readonly readReceipts: boolean;
}

/**
 * Stores how far the user has read, and notifies the user's other connections. A repeat notifies them again, because the
 * first attempt may have ended in between. In a channel, the message is not looked up: the chat only checks that
 * the id is one that a stored message can have.
 */
export const read: FrameHandler<Read, Ports> = async (ports, request) => {
  const { connected, frame } = request;
  const refusal = refuseTarget(ports, connected, frame);
  if (refusal) return { refusal };
  if (frame.direct !== undefined) return readConversation(ports, request);
  const { channel = LOBBY } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  return advance(ports, request, { channel, notices: { own: { type: "read", channel, id: frame.target } } });
};

/**
 * A backend does not receive frames, so it gets no receipt. The message must exist. Otherwise users could send receipts to
 * users with whom they have no conversation, and store markers without limit.
 */
const readConversation: typeof read = async (ports, request) => {
  const { connected, frame } = request;
  const { direct = "", publisher, target: id } = frame;
  const own = { type: "read", direct, ...(publisher && { publisher }), id } as const;
  const isReported = ports.readReceipts && !publisher && direct !== connected.user;
  const receipt = isReported && { user: direct, frame: { type: "receipt", direct: connected.user, id } as const };
  const channel = logOf(ports, connected, { direct, publisher });
  if (!(await ports.readMarkers.hasMessage({ channel, id }))) return { refusal: NOT_IN_CONVERSATION };
  return advance(ports, request, { channel, notices: { own, ...(receipt && { receipt }) } });
};

interface Marking {
  /** The channel, or the log of the conversation. */
  readonly channel: string;
  readonly notices: {
    /** For the user's other connections. */
    readonly own: Notice["frame"];
    /** For the other user of a conversation. */
    readonly receipt?: { readonly user: string; readonly frame: Notice["frame"] };
  };
}

async function advance(
  ports: Ports,
  { connected, route, frame, deadline }: Parameters<typeof read>[1],
  { channel, notices: { own, receipt } }: Marking,
): ReturnType<typeof read> {
  const { user } = connected;
  if (!canExist(ports, frame.target)) return { refusal: UNKNOWN_MESSAGE };
  const reply = acknowledge(route, frame);
  const isAdvanced = await ports.readMarkers.advance({ user, channel, id: frame.target });
  if (!isAdvanced) return { reply, facts: { unchanged: true } };
  const concerns = async (connectionId: string) => connectionId !== connected.id;
  const [notified, receipted] = await Promise.all([
    notifyUser(ports, { user, concerns }, { frame: own, deadline }),
    receipt && notifyUser(ports, { user: receipt.user }, { frame: receipt.frame, deadline }),
  ]);
  return { reply, facts: { ...receipted, ...notified } };
}

/** Refuses a marker in the future: it cannot move back, and would hide all messages until then. */
const canExist = ({ now, messageRetentionDays }: Ports, id: string): boolean =>
  id >= oldestKeptId(now(), messageRetentionDays) && sentAt({ id }) <= now() + STORABLE_MILLISECONDS;
