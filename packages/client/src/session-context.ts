import { ChatError } from "./chat-error.ts";
import type { Connection } from "./connection.ts";
import type { Emit } from "./events.ts";
import { MessageFeed } from "./message-feed.ts";
import type { Ports } from "./ports.ts";
import type { DirectChange, DirectMessage, Message } from "./protocol.ts";
import type { Timing } from "./timing.ts";
import type { Refusal } from "./wire.ts";

/** The state of a session that outlives its connections. */
export interface SessionContext {
  readonly ports: Ports;
  readonly timing: Timing;
  readonly emit: Emit;
  /** How many messages from before the join are reported for each channel. */
  readonly history: number;
  /** Whether new connections are in the user's channels at once. */
  readonly hasLastingChannels: boolean;
  /** The ids of `sendmessage` frames whose messages have not been reported yet. */
  readonly sentIds: Set<string>;
  /** Undefined: the chat does not store direct messages. */
  readonly direct: StoredDirectMessages | undefined;
  /** By channel. */
  readonly feeds: Map<string, MessageFeed>;
  /** The name that is claimed on each connection. */
  name: string | undefined;
  /** This user has held the name: if it is taken, a lost connection of this session may still hold it. */
  hadName: boolean;
  /** The current name of this user. Undefined until the reply to the first `join`, `leave` or `name` of a connection. */
  user: string | undefined;
}

/** The direct messages of the session's user. */
export interface StoredDirectMessages {
  /** The name of the user, which is the same on each connection. */
  readonly user: string | undefined;
  /** Whether the message is new. */
  take(message: { readonly id: string }): boolean;
  /** The message with its latest changes. Undefined if it was deleted. */
  current(message: DirectMessage): DirectMessage | undefined;
  /** Remembers a change, for a user with this name. Returns what is new. */
  change(change: DirectChange, user: string | undefined): DirectChange | undefined;
  /** Reports the messages that were not pushed to this session. Returns false if the connection was lost. */
  readMissed(context: SessionContext, connection: Connection): Promise<boolean>;
}

/** Adds the feed of a channel that is about to be joined. */
export function addFeed(context: SessionContext, channel: string): MessageFeed {
  const { ports, timing, emit, feeds } = context;
  const feed = new MessageFeed({
    channel,
    after: ports.after,
    settle: timing.settle,
    user: () => context.user,
    onMessage(message, isLate) {
      emit("message", { ...message, isOwn: isOwn(context, message), isLate });
    },
    onDeletion(deletion) {
      emit("deleted", deletion);
    },
    onReaction(reacted) {
      emit("reacted", reacted);
    },
    onEdit(edited) {
      emit("edited", edited);
    },
  });
  feeds.set(channel, feed);
  emit("channels", [...feeds.keys()]);
  return feed;
}

export function removeFeed({ emit, feeds }: SessionContext, channel: string): void {
  if (feeds.delete(channel)) emit("channels", [...feeds.keys()]);
}

/** Removes a channel that the user is no longer a member of, after reporting the messages that are held back. */
export function endFeed(context: SessionContext, channel: string): void {
  context.feeds.get(channel)?.flush();
  removeFeed(context, channel);
}

/** While a lost connection still holds the user's name, messages from that name are the user's own as well. */
function isOwn({ sentIds, user, name, hadName }: SessionContext, message: Message): boolean {
  const { clientMessageId, from, publisher } = message;
  // A publisher can have the name of the user.
  if (publisher) return false;
  return (
    (clientMessageId !== undefined && sentIds.delete(clientMessageId)) || from === user || (hadName && from === name)
  );
}

/** Records the current name of this user. */
export function setUser(context: SessionContext, user: string | undefined): void {
  if (user === undefined || user === context.user) return;
  context.user = user;
  context.emit("user", user);
}

export const errorOf = ({ code, detail, request }: Refusal): ChatError => new ChatError(code, detail, { request });
