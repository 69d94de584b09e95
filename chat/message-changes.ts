import { conversationLog, LOBBY } from "./channel.ts";
import { type Connected, membershipIn } from "./connection.ts";
import { type ConversationPorts, refuseTarget } from "./conversations.ts";
import { type FanOutPorts, fanOut } from "./fan-out/fan-out.ts";
import type { FramePlace } from "./message.ts";
import type { Conversations, Correspondent } from "./message-ports.ts";
import { type MutePorts, refuseMuted } from "./moderation.ts";
import type { Channels } from "./ports.ts";
import { deliverToUsers } from "./presence/user-delivery.ts";
import type { ServerFrameOf } from "./protocol/client-frames.ts";
import type { Refusal } from "./protocol/frames.ts";
import { refuseNonMember } from "./refusals.ts";
import type { Users } from "./user-ports.ts";

/* Edits, deletions and reactions: where the message is, and who is notified. */

export interface PlacePorts extends ConversationPorts {
  readonly channels: Pick<Channels, "shardsOf">;
}

/** The channel or the conversation of a message. */
export interface Place {
  /** The channel, or the log of the conversation. */
  readonly channel: string;
  /** The shard of the member who sent the frame. A conversation has no shards. */
  readonly shard: number;
  /** Undefined: the message is in a channel. */
  readonly conversation?: { readonly pair: string; readonly other: Correspondent };
}

interface Target {
  readonly channel?: string | undefined;
  readonly direct?: string | undefined;
  readonly publisher?: boolean | undefined;
}

/** Where the message of a frame is, or why the user cannot change messages there. */
export async function placeOf(
  ports: PlacePorts,
  connected: Connected,
  frame: Target,
): Promise<{ readonly place: Place } | { readonly refusal: Refusal }> {
  const refusal = refuseTarget(ports, connected, frame);
  if (refusal) return { refusal };
  const { channel = LOBBY, direct: name, publisher } = frame;
  if (name !== undefined) {
    const other = { name, ...(publisher && { publisher }) };
    const pair = ports.pairOf(connected.user, other);
    return { place: { channel: conversationLog(pair), shard: 0, conversation: { pair, other } } };
  }
  const own = membershipIn(connected, channel);
  return own ? { place: own } : { refusal: await refuseNonMember(ports, channel) };
}

/** Like `placeOf`, for a frame that a muted user must not send. There are no mutes in conversations. */
export async function unmutedPlaceOf(
  ports: PlacePorts & MutePorts,
  connected: Connected,
  frame: Target,
): ReturnType<typeof placeOf> {
  const found = await placeOf(ports, connected, frame);
  if ("refusal" in found || found.place.conversation) return found;
  const muted = await refuseMuted(ports, found.place.channel, connected.user);
  return muted ? { refusal: muted } : found;
}

export interface ChangePorts extends FanOutPorts {
  readonly conversations: Pick<Conversations, "recordChange">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
}

interface Change {
  readonly place: Place;
  /** The id of the record of the change. */
  readonly change: string;
  readonly frameIn: (place: FramePlace) => ServerFrameOf<"edited" | "deleted" | "reacted">;
  /** When Lambda ends the invocation, in epoch milliseconds. */
  readonly deadline: number;
}

/** Pushes a recorded change to all members of the channel, or to all connections of both users. Returns facts for the log. */
export async function announceChange(ports: ChangePorts, connected: Connected, announced: Change): Promise<object> {
  const { place, frameIn, deadline } = announced;
  const { channel, shard: senderShard, conversation } = place;
  if (conversation) return announceInConversation(ports, connected, { ...announced, conversation });
  return { tally: await fanOut(ports, { channel, frame: frameIn({ channel }), deadline, senderShard }) };
}

/** The change is stored, so the acknowledgement waits for its delivery only briefly. */
const DELIVERY_MILLISECONDS = 1_000;

interface ConversationChange extends Change {
  readonly conversation: NonNullable<Place["conversation"]>;
}

/**
 * Both lists of conversations get the id of the change before the connections are read: a connection that is opened later
 * finds it there, and then reads the change in `history`.
 */
async function announceInConversation(
  ports: ChangePorts,
  { user }: Connected,
  { conversation: { pair, other }, change, frameIn, deadline }: ConversationChange,
): Promise<object> {
  const isShared = !other.publisher && other.name !== user;
  const sides = [{ user, other }, ...(isShared ? [{ user: other.name, other: { name: user } }] : [])];
  await Promise.all(sides.map((side) => ports.conversations.recordChange(side.user, { pair, change })));
  const deliver = async (side: { readonly user: string; readonly other: Correspondent }) =>
    deliverToUsers(ports, frameIn({ direct: side.other.name, ...(side.other.publisher && { publisher: true }) }), {
      recipients: await ports.users.connectionsOf(side.user),
      deadline: Math.min(deadline, ports.now() + DELIVERY_MILLISECONDS),
      isAuthenticated: true,
    });
  const [own, others] = await Promise.all(sides.map(deliver));
  return { tally: own?.tally, ...(others && { otherTally: others.tally }) };
}
