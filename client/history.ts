import type { Connection } from "./connection.ts";
import type { Feed, Message } from "./feed.ts";
import type { Answer, RequestOf } from "./frames.ts";
import { persist } from "./persist.ts";
import type { Ports } from "./ports.ts";

/** As many as the chat gives at once. */
const PAGE = 100;

type Asking = Pick<Ports, "after" | "random" | "newId">;

interface Part extends Pick<RequestOf<"history">, "after" | "limit"> {
  readonly channel: string;
}

const ask = (ports: Asking, connection: Connection, part: Part): Promise<Answer | undefined> =>
  persist(ports, connection, { message: "history", ...part, id: ports.newId() });

/**
 * Fills a channel's feed with what it has missed, and lets it flow. A new one gets the last messages, of which `told`
 * are told. False when the connection was lost on the way: the feed is still held.
 */
export async function fill(
  ports: Asking,
  connection: Connection,
  { feed, told }: { readonly feed: Feed; readonly told: number },
): Promise<boolean> {
  feed.hold();
  const after = feed.readAfter;
  const isRead =
    after === undefined
      ? await readEnd(ports, connection, { feed, told })
      : await readOn(ports, connection, { channel: feed.channel, after, take: (page) => feed.page(page) });
  if (isRead) feed.release();
  return isRead;
}

async function readEnd(
  ports: Asking,
  connection: Connection,
  { feed, told }: { readonly feed: Feed; readonly told: number },
): Promise<boolean> {
  const answer = await ask(ports, connection, { channel: feed.channel, limit: PAGE });
  if (answer?.type === "history") feed.begin(answer.messages, { told, isAll: !answer.cursor });
  return answer !== undefined;
}

/** Hands over what was said after an id, page by page. False when the connection was lost on the way. */
export async function readOn(
  ports: Asking,
  connection: Connection,
  {
    channel,
    after,
    take,
  }: { readonly channel: string; readonly after: string; readonly take: (page: Message[]) => void },
): Promise<boolean> {
  for (let from: string | undefined = after; from !== undefined; ) {
    const answer: Answer | undefined = await ask(ports, connection, { channel, after: from, limit: PAGE });
    if (!answer) return false;
    if (answer.type !== "history") return true;
    take(answer.messages);
    from = answer.cursor?.after;
  }
  return true;
}
