import { conversationLog } from "../channel.ts";
import { faultsIn } from "../fan-out/delivery.ts";
import { directFrame, type Message, sentAt } from "../message.ts";
import type { Conversations, Correspondent, PairOf, Repeats } from "../message-ports.ts";
import type { PresencePorts } from "../presence/presence.ts";
import { deliverToUsers, type UserDelivery } from "../presence/user-delivery.ts";
import type { ServerFrameOf } from "../protocol/client-frames.ts";
import type { KnownUsers, Users } from "../user-ports.ts";
import { type StoringPorts, storeMessage } from "./send-message.ts";

type DirectMessage = Omit<ServerFrameOf<"direct">, "type" | "at">;

/**
 * Pushes a message that is not stored to the connections of a user, and removes those that are gone. Returns false if all
 * are gone. Throws if some exist, and none could be reached.
 */
export async function pushDirect(
  ports: PresencePorts,
  message: DirectMessage,
  options: UserDelivery,
): Promise<boolean> {
  const frame = { type: "direct", ...message, at: new Date(sentAt(message)).toISOString() } as const;
  const { tally, isReachable } = await deliverToUsers(ports, frame, options);
  if (tally.delivered > 0) {
    ports.count("MessagesAccepted");
    return true;
  }
  if (!isReachable) return false;
  throw new Error(`None of the user's connections could be reached: ${faultsIn(tally)}`);
}

export interface ConversationPorts extends PresencePorts, StoringPorts {
  readonly conversations: Pick<Conversations, "record">;
  readonly repeats: Repeats;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly knownUsers: Pick<KnownUsers, "has">;
  readonly pairOf: PairOf;
}

interface DirectDraft extends Omit<Message, "id" | "channel" | "deleted"> {
  readonly to: string;
}

interface ConversationDelivery {
  /** When Lambda ends the invocation, in epoch milliseconds. */
  readonly deadline: number;
  /** The connection that sends the message. It gets an acknowledgement instead of the message. */
  readonly sender?: string;
}

/** The message is stored, so the acknowledgement waits for its delivery only briefly. */
const DELIVERY_MILLISECONDS = 1_000;

/**
 * Stores a direct message, once however often it is repeated, and pushes it to all connections of both users. Returns
 * undefined if the recipient has never connected.
 *
 * The connections are read last: a connection that is opened later finds the message in the list of conversations. A
 * client that misses the push finds it there as well.
 */
export async function sendInConversation(
  ports: ConversationPorts,
  { to, ...sent }: DirectDraft,
  { deadline, sender }: ConversationDelivery,
): Promise<{ readonly message: Message; readonly facts: object } | undefined> {
  const { from, publisher } = sent;
  if (!(await ports.knownUsers.has(to))) return undefined;
  const other = { name: from, ...(publisher && { publisher }) };
  const pair = ports.pairOf(to, other);
  const { message, outcome } = await storeMessage(ports, { ...sent, channel: conversationLog(pair) });
  if (outcome !== "stored") return { message, facts: { [outcome]: true } };
  const users = publisher || from === to ? [to] : [to, from];
  const otherOf = (user: string): Correspondent => (user === to ? other : { name: to });
  const record = (user: string) => ports.conversations.record(user, { pair, other: otherOf(user), last: message.id });
  await Promise.all(users.map(record));
  const connections = (await Promise.all(users.map(ports.users.connectionsOf))).flat();
  const { tally, gone } = await deliverToUsers(ports, directFrame(message, to), {
    recipients: connections.filter(({ id }) => id !== sender),
    deadline: Math.min(deadline, ports.now() + DELIVERY_MILLISECONDS),
    isAuthenticated: true,
  });
  ports.count("MessagesAccepted");
  const isUnreceived = connections.every((each) => each.user !== to || gone.has(each.id));
  if (isUnreceived) ports.emit({ type: "direct message unreceived", id: message.id, user: to, from, publisher });
  const { channel, data, clientMessageId: id } = message;
  if (id !== undefined) await ports.repeats.settle({ user: from, channel, data, id, message: message.id });
  return { message, facts: { tally } };
}
