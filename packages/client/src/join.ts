import type { Connection } from "./connection.ts";
import { fill, readPast } from "./history.ts";
import type { MessageFeed } from "./message-feed.ts";
import { askWithRetries, dropIfFailed, isTemporary } from "./retry.ts";
import { addFeed, removeFeed, type SessionContext, setUser } from "./session-context.ts";
import type { Reply } from "./wire.ts";

/** Joins a channel and reads its messages. The feed is created first, because pushes can arrive before the reply. */
export async function join(
  context: SessionContext,
  connection: Connection,
  channel: string,
): Promise<Reply | undefined> {
  const { ports, feeds } = context;
  const isNew = !feeds.has(channel);
  const feed = feeds.get(channel) ?? addFeed(context, channel);
  feed.hold();
  const reply = await askWithRetries(ports, connection, { message: "join", channel, id: ports.newId() });
  if (reply?.type === "error" && (isNew || !isTemporary(reply))) removeFeed(context, channel);
  if (reply?.type !== "ack") return reply;
  setUser(context, reply.user);
  return (await catchUp(context, connection, { feed, at: reply.at })) ? reply : undefined;
}

/** Reads the requested messages from before the join, and the messages since. Returns false if the connection was lost. */
export async function catchUp(
  context: SessionContext,
  connection: Connection,
  { feed, at }: { readonly feed: MessageFeed; readonly at: string | undefined },
): Promise<boolean> {
  const { ports, history } = context;
  if (at === undefined) {
    connection.drop('the reply to "join" has no "at": the chat is older than this client');
    return false;
  }
  feed.start(at);
  if (history > 0 && !feed.hasPast) {
    const past = await readPast(ports, connection, { feed, history });
    if (!past || dropIfFailed(connection, past)) return false;
  }
  return fill(context, connection, feed);
}

/** Creates a private channel of the user, and joins it under its full name. */
export async function joinPrivate(
  context: SessionContext,
  connection: Connection,
  channel: string,
): Promise<Reply | undefined> {
  const { ports } = context;
  const id = ports.newId();
  const reply = await askWithRetries(ports, connection, { message: "join", channel, private: true, id });
  if (reply?.type !== "ack" || reply.channel === undefined) return reply;
  const joined = await join(context, connection, reply.channel);
  return joined?.type === "ack" ? reply : joined;
}

export async function leave(
  context: SessionContext,
  connection: Connection,
  channel: string,
): Promise<Reply | undefined> {
  const { ports } = context;
  const reply = await askWithRetries(ports, connection, { message: "leave", channel, id: ports.newId() });
  if (reply?.type === "ack") setUser(context, reply.user);
  // A refusal means that the user was not a member.
  if (reply && !isTemporary(reply)) removeFeed(context, channel);
  return reply;
}
