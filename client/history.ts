import type { Connection } from "./connection.ts";
import type { Feed } from "./feed.ts";
import type { Answer, RequestOf } from "./frames.ts";
import { isBroken, persist } from "./persist.ts";
import type { Ports } from "./ports.ts";
import type { Standing } from "./standing.ts";

/** The most that the chat returns at once. */
const PAGE = 100;

type Asking = Pick<Ports, "after" | "random" | "newId">;

export type HistoryPage = Extract<Answer, { type: "history" }>;

interface Part extends Pick<RequestOf<"history">, "after" | "limit"> {
  readonly channel: string;
}

const ask = (ports: Asking, connection: Connection, part: Part): Promise<Answer | undefined> =>
  persist(ports, connection, { message: "history", ...part, id: ports.newId() });

/**
 * Fills a channel's feed with what it has missed, and releases it. A new feed gets the last messages, of which `told`
 * are told. False if the connection is lost, or is dropped because the history cannot be read: the feed is then still
 * held and reads from the same place on the next connection.
 */
export async function fill(
  standing: Standing,
  connection: Connection,
  { feed, told }: { readonly feed: Feed; readonly told: number },
): Promise<boolean> {
  const { ports, feeds, tell } = standing;
  const { channel, readAfter: after } = feed;
  feed.hold();
  const answer =
    after === undefined
      ? await readEnd(ports, connection, { feed, told })
      : await readOn(ports, connection, {
          channel,
          after,
          take: ({ messages, changes }) => feed.page(messages, changes),
        });
  if (!answer || isBroken(connection, answer)) return false;
  feed.release();
  if (answer.type === "error") {
    // The user is no longer a member of the channel.
    feed.flush();
    feeds.delete(channel);
    tell({ type: "refused", error: answer });
  }
  return true;
}

async function readEnd(
  ports: Asking,
  connection: Connection,
  { feed, told }: { readonly feed: Feed; readonly told: number },
): Promise<Answer | undefined> {
  const answer = await ask(ports, connection, { channel: feed.channel, limit: PAGE });
  if (answer?.type === "history") feed.begin(answer.messages, { told, isAll: !answer.cursor });
  return answer;
}

interface ReadingOn {
  readonly channel: string;
  readonly after: string;
  readonly take: (page: HistoryPage) => void;
}

/** Hands over the history after an id, page by page. Returns the last answer; undefined if the connection was lost. */
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
