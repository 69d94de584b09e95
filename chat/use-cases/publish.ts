import type { Channels } from "../ports.ts";
import {
  idIn,
  PUBLISHER,
  type PublishCode,
  type Published,
  type PublishOutcome,
  parsePublished,
} from "../protocol/publishing.ts";
import type { Users } from "../user-ports.ts";
import { type ConversationPorts, pushDirect, sendInConversation } from "./send-direct.ts";
import { type DeliveringPorts, storeAndDeliver } from "./send-message.ts";

/** Where backends may send messages. */
export interface PublishRules {
  readonly channels: "any" | readonly string[];
  readonly users: boolean;
}

export interface PublishPorts extends DeliveringPorts, ConversationPorts {
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly publishRules: PublishRules;
  /** Whether direct messages are stored. */
  readonly directConversations: boolean;
  /** Receives the fault of each message that failed. */
  readonly onFault: (fault: unknown) => void;
}

/** The time that one message may take, as for `sendmessage`. With less time left, no further message is started. */
const MESSAGE_MILLISECONDS = 25_000;

type Failed = Extract<PublishOutcome, { error: object }>;

/**
 * Sends the messages of a backend one after the other, so that a channel gets them in their order. Returns one outcome for
 * each, in the same order. If a message fails, the others are still sent.
 */
export async function publish(
  ports: PublishPorts,
  messages: readonly unknown[],
  deadline: number,
): Promise<PublishOutcome[]> {
  const outcomes: PublishOutcome[] = [];
  for (const message of messages) outcomes.push(await publishOne(ports, message, deadline));
  return outcomes;
}

async function publishOne(ports: PublishPorts, input: unknown, deadline: number): Promise<PublishOutcome> {
  const parsed = parsePublished(input);
  const id = idIn(input);
  if ("problem" in parsed) return fail(id, "malformed-message", parsed.problem);
  if (ports.now() > deadline - MESSAGE_MILLISECONDS) {
    return fail(id, "not-attempted", "The call ran out of time before this message. Retry with the same id.");
  }
  try {
    const { channel, user, ...message } = parsed.value;
    const refused = await refusalOf(ports, parsed.value);
    if (refused) return refused;
    if (channel !== undefined) return await publishToChannel(ports, { ...message, channel }, deadline);
    const toUser = ports.directConversations ? publishToConversation : publishToUser;
    return await toUser(ports, { ...message, user: String(user) }, deadline);
  } catch (fault) {
    ports.onFault(fault);
    return fail(
      id,
      "failed",
      "The chat failed to send this message. It may have been stored, and delivered to some recipients. Retry with the same id.",
    );
  }
}

const fail = (id: string | undefined, code: PublishCode, message: string): Failed => ({
  ...(id !== undefined && { id }),
  error: { code, message },
});

/** Channels in the setting are not looked up, because they may not exist yet. */
async function refusalOf(
  { publishRules, channels }: PublishPorts,
  { id, channel }: Published,
): Promise<Failed | undefined> {
  const { channels: allowed, users } = publishRules;
  if (channel === undefined) {
    if (users) return undefined;
    return fail(id, "users-not-allowed", 'Messages to users are off. Set "users" to true in the setting "publish".');
  }
  if (allowed === "any") {
    if ((await channels.shardsOf(channel)) !== undefined) return undefined;
    return fail(
      id,
      "unknown-channel",
      `The channel "${channel}" does not exist. Check the name, or create the channel with "join".`,
    );
  }
  if (allowed.includes(channel)) return undefined;
  const detail = `The channel "${channel}" is not allowed; allowed: ${allowed.join(", ")}. Add it to the setting "publish".`;
  return fail(id, "channel-not-allowed", detail);
}

type Addressed<Target extends "channel" | "user"> = Omit<Published, "channel" | "user"> &
  Readonly<Record<Target, string>>;

async function publishToChannel(
  ports: PublishPorts,
  { id, from = PUBLISHER, ...content }: Addressed<"channel">,
  deadline: number,
): Promise<PublishOutcome> {
  const draft = { ...content, from, clientMessageId: id, publisher: true } as const;
  const { message, facts } = await storeAndDeliver(ports, draft, { deadline });
  return { id, messageId: message.id, ...(!("tally" in facts) && { repeated: true as const }) };
}

async function publishToConversation(
  ports: PublishPorts,
  { user: to, from = PUBLISHER, data, id }: Addressed<"user">,
  deadline: number,
): Promise<PublishOutcome> {
  const draft = { to, from, data, clientMessageId: id, publisher: true } as const;
  const sent = await sendInConversation(ports, draft, { deadline });
  if (!sent) return fail(id, "unknown-user", `No user with the name "${to}" has connected yet. Check the name.`);
  const { message, facts } = sent;
  return { id, messageId: message.id, ...(!("tally" in facts) && { repeated: true as const }) };
}

/** The message is not stored, so its id is settled only once a connection has received it. */
async function publishToUser(
  ports: PublishPorts,
  { user, from = PUBLISHER, data, id }: Addressed<"user">,
  deadline: number,
): Promise<PublishOutcome> {
  // No channel name begins with @.
  const request = { user: from, channel: `@${user}`, data, id };
  const claim = await ports.repeats.claim({ ...request, message: ports.newMessageId() });
  if (claim.isDelivered) return { id, messageId: claim.message, repeated: true };
  const recipients = await ports.users.connectionsOf(user);
  const message = { to: user, id: claim.message, from, data, publisher: true } as const;
  if (!(await pushDirect(ports, message, { recipients, deadline, isAuthenticated: true }))) {
    return fail(id, "unknown-user", `The user "${user}" has no open connection. Check the name, or retry later.`);
  }
  await ports.repeats.settle({ ...request, message: claim.message });
  return { id, messageId: claim.message };
}
