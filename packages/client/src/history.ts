import type { Connection } from "./connection.ts";
import type { MessageFeed } from "./message-feed.ts";
import type { Ports } from "./ports.ts";
import { type HistoryPage, PAGE_MAX } from "./protocol.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import { errorOf, removeFeed, type SessionContext } from "./session-context.ts";
import type { Answer, RequestOf } from "./wire.ts";

type AskPorts = Pick<Ports, "after" | "random" | "newId">;

interface Part extends Pick<RequestOf<"history">, "after" | "before" | "limit"> {
  readonly channel: string;
}

const ask = (ports: AskPorts, connection: Connection, part: Part): Promise<Answer | undefined> =>
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
  const take = ({ messages, changes }: HistoryPage): void => feed.addPage(messages, changes);
  const answer = await readOn(ports, connection, { channel, after, take });
  if (!answer || dropIfFailed(connection, answer)) return false;
  feed.release();
  if (answer.type === "error" && feeds.get(channel) === feed) {
    // The user is no longer a member of the channel.
    feed.flush();
    removeFeed(context, channel);
    emit("error", errorOf(answer));
  }
  return true;
}

/** Reads the last messages from before the join. Returns the last answer; undefined if the connection was lost. */
export async function readPast(
  ports: AskPorts,
  connection: Connection,
  { feed, history }: { readonly feed: MessageFeed; readonly history: number },
): Promise<Answer | undefined> {
  const limit = Math.min(history, PAGE_MAX);
  const answer = await ask(ports, connection, { channel: feed.channel, before: feed.joinedAt, limit });
  if (answer?.type === "history") feed.addPast(answer.messages);
  return answer;
}

interface ReadingOn {
  readonly channel: string;
  readonly after: string;
  readonly take: (page: HistoryPage) => void;
}

/** Reads all messages after an id, page by page. Returns the last answer, or undefined if the connection was lost. */
export async function readOn(
  ports: AskPorts,
  connection: Connection,
  { channel, after, take }: ReadingOn,
): Promise<Answer | undefined> {
  for (let from = after; ; ) {
    const answer = await ask(ports, connection, { channel, after: from, limit: PAGE_MAX });
    if (answer?.type !== "history") return answer;
    take(answer);
    if (answer.cursor?.after === undefined) return answer;
    from = answer.cursor.after;
  }
}
