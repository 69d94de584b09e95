import type { Connection } from "./connection.ts";
import type { MessageFeed } from "./message-feed.ts";
import type { Ports } from "./ports.ts";
import { PAGE_MAX } from "./protocol.ts";
import type { HistoryPage } from "./replies.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import { errorOf, removeFeed, type SessionContext } from "./session-context.ts";
import type { Reply, RequestOf } from "./wire.ts";

type AskPorts = Pick<Ports, "after" | "random" | "newId">;

interface Part extends Pick<RequestOf<"history">, "after" | "before" | "limit"> {
  readonly channel: string;
}

const ask = (ports: AskPorts, connection: Connection, part: Part): Promise<Reply | undefined> =>
  askWithRetries(ports, connection, { message: "history", ...part, id: ports.newId() });

/**
 * Reads what a channel's feed has missed since the join, and releases the feed. False if the connection is lost, or is
 * dropped because the history cannot be read: the feed is then still held and reads from the same place on the next
 * connection.
 */
export async function fill(context: SessionContext, connection: Connection, feed: MessageFeed): Promise<boolean> {
  const { ports, feeds, emit } = context;
  const { channel, readAfter: after } = feed;
  if (after === undefined) return true;
  feed.hold();
  const take = ({ messages, changes, edits, reactions = [] }: HistoryPage): void => {
    feed.addPage(messages, changes, edits);
    for (const reacted of reactions) feed.react(reacted);
  };
  const reply = await readOn(ports, connection, { channel, after, take });
  if (!reply || dropIfFailed(connection, reply)) return false;
  feed.release();
  if (reply.type === "error" && feeds.get(channel) === feed) {
    // The user is no longer a member of the channel.
    feed.flush();
    removeFeed(context, channel);
    emit("error", errorOf(reply));
  }
  return true;
}

/** Reads the last messages from before the join. Returns the last reply; undefined if the connection was lost. */
export async function readPast(
  ports: AskPorts,
  connection: Connection,
  { feed, history }: { readonly feed: MessageFeed; readonly history: number },
): Promise<Reply | undefined> {
  const limit = Math.min(history, PAGE_MAX);
  const reply = await ask(ports, connection, { channel: feed.channel, before: feed.joinedAt, limit });
  if (reply?.type === "history") feed.addPast(reply.messages);
  return reply;
}

interface ReadingOn {
  readonly channel: string;
  readonly after: string;
  readonly take: (page: HistoryPage) => void;
}

/** Reads all messages after an id, page by page. Returns the last reply, or undefined if the connection was lost. */
export async function readOn(
  ports: AskPorts,
  connection: Connection,
  { channel, after, take }: ReadingOn,
): Promise<Reply | undefined> {
  for (let from = after; ; ) {
    const reply = await ask(ports, connection, { channel, after: from, limit: PAGE_MAX });
    if (reply?.type !== "history") return reply;
    take(reply);
    if (reply.cursor?.after === undefined) return reply;
    from = reply.cursor.after;
  }
}
