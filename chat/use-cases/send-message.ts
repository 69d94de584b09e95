import { type Connected, membershipIn } from "../connection.ts";
import { type FanOutPorts, fanOut } from "../fan-out/fan-out.ts";
import { type Message, messageFrame, STORABLE_MILLISECONDS, sentAt } from "../message.ts";
import type { Claim, Messages, Repeats } from "../message-ports.ts";
import { type MutePorts, refuseMuted } from "../moderation.ts";
import { authorOf, type OwnMessageSettings } from "../own-messages.ts";
import type { Channels, Connections, NewMessageId, Now } from "../ports.ts";
import { acknowledge } from "../protocol/frames.ts";
import type { SendMessage } from "../protocol/send-message-frame.ts";
import { refuseNonMember } from "../refusals.ts";
import { type ReviewPorts, reviewMessage } from "../review.ts";
import type { FrameHandler } from "./use-case.ts";

export interface StoringPorts {
  readonly messages: Pick<Messages, "store" | "block">;
  readonly repeats: Pick<Repeats, "claim">;
  readonly newMessageId: NewMessageId;
  readonly now: Now;
}

export type Draft = Omit<Message, "id" | "deleted">;

/** `repeated`: the message was delivered before. `deleted`: it was deleted or edited since. */
export interface Stored {
  readonly message: Message;
  readonly outcome: "stored" | "repeated" | "deleted";
}

/** A new id is needed if a call takes longer than an id may be old: the next attempt would not do better. */
const IDS_MAX = 3;

/**
 * Stores a message once, however often its client repeats it, and never under an id that is older than clients expect
 * when they resume from `history`. A repeat that comes too late for the id of the first attempt gets a new one. It first
 * blocks the former id, because a write of the first attempt may still be under way.
 *
 * `sent` is the text that the client sent, by which a repeat is recognized: a review can replace the text of each attempt
 * by another one.
 */
export async function storeMessage(ports: StoringPorts, draft: Draft, sent = draft.data): Promise<Stored> {
  const claimed = { ...draft, data: sent };
  let claim = await claimId(ports, claimed);
  for (let ids = 0; ids < IDS_MAX; ids += 1) {
    const message = { id: claim.message, ...draft };
    if (claim.isDelivered) return { message, outcome: "repeated" };
    if (await storeInTime(ports, message)) return { message, outcome: "stored" };
    if (!(await ports.messages.block(message))) {
      // It was stored before. Storing it again tells whether it was deleted or edited.
      return { message, outcome: (await ports.messages.store(message)) ? "stored" : "deleted" };
    }
    claim = await claimId(ports, claimed, message.id);
  }
  throw new Error(`A message could not be stored within ${STORABLE_MILLISECONDS} ms of its id, ${IDS_MAX} times`);
}

/** False if the id is too old or blocked, or the message was deleted. */
const storeInTime = async ({ messages, now }: StoringPorts, message: Message): Promise<boolean> =>
  now() - sentAt(message) <= STORABLE_MILLISECONDS && messages.store(message);

/** A message without an id of the client's cannot be repeated, so nothing has to be recorded. */
async function claimId({ repeats, newMessageId }: StoringPorts, draft: Draft, blocked?: string): Promise<Claim> {
  const { from: user, channel, data, clientMessageId: id } = draft;
  const message = newMessageId();
  return id === undefined
    ? { message, isDelivered: false }
    : repeats.claim({ user, channel, data, id, message }, blocked);
}

export interface DeliveringPorts extends FanOutPorts, StoringPorts {
  readonly repeats: Repeats;
}

/** The shard is that of the member who sends the message, if a member sends it. */
interface Delivery extends Pick<Parameters<typeof fanOut>[1], "deadline" | "senderShard"> {
  /** The text as the sender sent it, by which a repeat is recognized. Default: the text of the draft. */
  readonly sent?: string;
}

/** Stores a message, then delivers it to the channel. A repeat of a delivered message has no effect. */
export async function storeAndDeliver(
  ports: DeliveringPorts,
  draft: Draft,
  { sent = draft.data, ...delivery }: Delivery,
) {
  // Stored before it is pushed: a client that misses the push finds it in `history`.
  const { message, outcome } = await storeMessage(ports, draft, sent);
  if (outcome !== "stored") return { message, facts: { [outcome]: true } };
  ports.count("MessagesAccepted");
  const { author, channel, from: user, clientMessageId: id, ...sending } = message;
  ports.emit({ type: "message stored", ...sending, channel, from: user, clientMessageId: id });
  const tally = await fanOut(ports, { channel, frame: messageFrame(message), ...delivery });
  // After the fan-out: if this invocation ends before that, a repeat delivers the message to everybody.
  if (id !== undefined) await ports.repeats.settle({ user, channel, data: sent, id, message: message.id });
  return { message, facts: { tally } };
}

interface Ports extends DeliveringPorts, MutePorts, OwnMessageSettings, ReviewPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
}

export const sendMessage: FrameHandler<SendMessage, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { channel, data } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseNonMember(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  const reviewed = await reviewMessage(ports, connected, frame);
  if ("refusal" in reviewed) return reviewed;
  const draft = {
    channel,
    from: connected.user,
    data: reviewed.data,
    ...(frame.id !== undefined && { clientMessageId: frame.id }),
    ...(frame.replyTo !== undefined && { replyTo: frame.replyTo }),
    ...(frame.mentions && { mentions: frame.mentions }),
    ...(ports.ownMessageMinutes !== "off" && { author: authorOf(connected) }),
  };
  const delivery = { deadline, senderShard: own.shard, sent: data };
  const { message, facts } = await storeAndDeliver(ports, draft, delivery);
  const reply = isAcknowledged(connected, frame) ? acknowledge(route, frame, { message: message.id }) : undefined;
  return { reply, facts: { ...reviewed.facts, ...facts } };
};

/** For a plain client, its own message is the acknowledgement, unless its frame has an `id`. */
const isAcknowledged = ({ protocol }: Connected, { id }: SendMessage): boolean =>
  protocol !== "plain" || id !== undefined;
