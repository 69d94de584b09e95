import { conversationLog } from "../channel.ts";
import type { Member } from "../connection.ts";
import { faultsIn, startDelivery, type Tally } from "../fan-out/delivery.ts";
import { directFrame, type Message, sentAt } from "../message.ts";
import type { Conversations, Correspondent, PairOf, Repeats } from "../message-ports.ts";
import { announceDepartures, type PresencePorts } from "../presence/presence.ts";
import { removeConnection } from "../presence/remove-connections.ts";
import type { ServerFrameOf } from "../protocol/client-frames.ts";
import { formsOf } from "../protocol/frames.ts";
import type { KnownUsers, Users } from "../user-ports.ts";
import { type StoringPorts, storeMessage } from "./send-message.ts";

type DirectMessage = Omit<ServerFrameOf<"direct">, "type" | "at">;

interface DirectRecipients {
  readonly recipients: readonly Member[];
  /** In epoch milliseconds. */
  readonly deadline: number;
  readonly isAuthenticated: boolean;
}

/**
 * Pushes a message that is not stored to the connections of a user, and removes those that are gone. Returns false if all
 * are gone. Throws if some exist, and none could be reached.
 */
export async function pushDirect(
  ports: PresencePorts,
  message: DirectMessage,
  options: DirectRecipients,
): Promise<boolean> {
  const frame = { type: "direct", ...message, at: new Date(sentAt(message)).toISOString() } as const;
  const { tally, isReachable } = await deliver(ports, frame, options);
  if (tally.delivered > 0) {
    ports.count("MessagesAccepted");
    return true;
  }
  if (!isReachable) return false;
  throw new Error(`None of the user's connections could be reached: ${faultsIn(tally)}`);
}

interface Delivered {
  readonly tally: Tally;
  /** Whether a connection was not reached and is not gone. */
  readonly isReachable: boolean;
  /** The ids of the connections that are gone. */
  readonly gone: ReadonlySet<string>;
}

async function deliver(
  ports: PresencePorts,
  frame: ServerFrameOf<"direct">,
  { recipients, deadline, isAuthenticated }: DirectRecipients,
): Promise<Delivered> {
  const delivery = startDelivery(ports, { forms: formsOf(frame), deadline });
  const first = await delivery.push(recipients);
  const second = await delivery.retry(first.undelivered);
  const gone = new Set([...first.gone, ...second.gone].map(({ id }) => id));
  const removed = recipients.filter(({ id }) => gone.has(id));
  await Promise.all(removed.map((each) => removeGone(ports, each, isAuthenticated)));
  return { tally: delivery.tally, isReachable: second.undelivered.length > 0, gone };
}

async function removeGone(ports: PresencePorts, { id, user }: Member, isAuthenticated: boolean): Promise<void> {
  const departed = await removeConnection(ports, id);
  // If the connection is no longer stored, removeConnection cannot know the user or the name.
  await (isAuthenticated ? ports.users.remove(user, id) : ports.names.release(user, id));
  if (departed) await announceDepartures(ports, [departed]);
}

export interface ConversationPorts extends PresencePorts, StoringPorts {
  readonly conversations: Pick<Conversations, "record">;
  readonly repeats: Repeats;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly knownUsers: Pick<KnownUsers, "has">;
  readonly pairOf: PairOf;
}

interface DirectDraft extends Pick<Message, "from" | "data" | "clientMessageId" | "publisher"> {
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
  const { tally, gone } = await deliver(ports, directFrame(message, to), {
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
