import type { Connection } from "./connection.ts";
import type { Answer, RequestOf } from "./frames.ts";
import type { MessageFeed } from "./message-feed.ts";
import type { Ports } from "./ports.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import type { SessionState } from "./session-state.ts";

/** The maximum page size of the chat. */
const PAGE = 100;

type Asking = Pick<Ports, "after" | "random" | "newId">;

export type HistoryPage = Extract<Answer, { type: "history" }>;

interface Part extends Pick<RequestOf<"history">, "after" | "before" | "limit"> {
  readonly channel: string;
}

const ask = (ports: Asking, connection: Connection, part: Part): Promise<Answer | undefined> =>
  askWithRetries(ports, connection, { message: "history", ...part, id: ports.newId() });

/**
 * Reads what a channel's feed has missed since the join, and releases the feed. False if the connection is lost, or is
 * dropped because the history cannot be read: the feed is then still held and reads from the same place on the next
 * connection.
 */
export async function fill(state: SessionState, connection: Connection, feed: MessageFeed): Promise<boolean> {
  const { ports, feeds, tell } = state;
  const { channel, readAfter: after } = feed;
  if (after === undefined) return true;
  feed.hold();
  const take = ({ messages, changes }: HistoryPage): void => feed.page(messages, changes);
  const answer = await readOn(ports, connection, { channel, after, take });
  if (!answer || dropIfFailed(connection, answer)) return false;
  feed.release();
  if (answer.type === "error") {
    // The user is no longer a member of the channel.
    feed.flush();
    feeds.delete(channel);
    tell({ type: "refused", error: answer });
  }
  return true;
}

/** Reads the last messages from before the join. Returns the last answer; undefined if the connection was lost. */
export async function readPast(
  ports: Asking,
  connection: Connection,
  { feed, told }: { readonly feed: MessageFeed; readonly told: number },
): Promise<Answer | undefined> {
  const limit = Math.min(told, PAGE);
  const answer = await ask(ports, connection, { channel: feed.channel, before: feed.joinedAt, limit });
  if (answer?.type === "history") feed.past(answer.messages);
  return answer;
}

interface ReadingOn {
  readonly channel: string;
  readonly after: string;
  readonly take: (page: HistoryPage) => void;
}

/** Reads all messages after an id, page by page. Returns the last answer, or undefined if the connection was lost. */
export async function readOn(
  ports: Asking,
  connection: Connection,
  { channel, after, take }: ReadingOn,
): Promise<Answer | undefined> {
  for (let from = after; ; ) {
    const answer = await ask(ports, connection, { channel, after: from, limit: PAGE });
    if (answer?.type !== "history") return answer;
    take(answer);
    if (answer.cursor?.after === undefined) return answer;
    from = answer.cursor.after;
  }
}
