import type { Connection } from "./connection.ts";
import { Feed } from "./feed.ts";
import type { Answer } from "./frames.ts";
import { fill } from "./history.ts";
import { persist } from "./persist.ts";
import type { Standing } from "./standing.ts";

/** Joins a channel, and has its feed filled. The feed is there before: what is said from the join on is kept. */
export async function join(standing: Standing, connection: Connection, channel: string): Promise<Answer | undefined> {
  const { ports, told, feeds } = standing;
  const isNew = !feeds.has(channel);
  const feed = feeds.get(channel) ?? newFeed(standing, channel);
  feed.hold();
  const answer = await persist(ports, connection, { message: "join", channel, id: ports.newId() });
  if (answer?.type === "error" && (isNew || answer.code !== "internal")) feeds.delete(channel);
  if (answer?.type !== "ack") return answer;
  return (await fill(ports, connection, { feed, told })) ? answer : undefined;
}

/** Makes a private channel of the user's own, and joins it under its full name, which nobody knew before. */
export async function joinPrivate(
  standing: Standing,
  connection: Connection,
  channel: string,
): Promise<Answer | undefined> {
  const { ports } = standing;
  const answer = await persist(ports, connection, { message: "join", channel, private: true, id: ports.newId() });
  if (answer?.type !== "ack" || answer.channel === undefined) return answer;
  const joined = await join(standing, connection, answer.channel);
  return joined?.type === "ack" ? answer : joined;
}

export async function leave(
  { ports, feeds }: Standing,
  connection: Connection,
  channel: string,
): Promise<Answer | undefined> {
  const answer = await persist(ports, connection, { message: "leave", channel, id: ports.newId() });
  // Who was not in it is out of it as well.
  if (answer) feeds.delete(channel);
  return answer;
}

/** The feed of a channel that is about to be joined. */
export function newFeed(standing: Standing, channel: string): Feed {
  const feed: Feed = new Feed({
    channel,
    after: standing.ports.after,
    settle: standing.timing.settle,
    tell(told) {
      const { id, from } = told.message;
      standing.tell({ type: "said", isOwn: id === feed.lastOwn || isOwnName(standing, from), ...told });
    },
  });
  standing.feeds.set(channel, feed);
  return feed;
}

/** Its name is its own while its lost connection still holds it, too. */
const isOwnName = ({ user, name, hadName }: Standing, from: string): boolean =>
  from === user || (hadName && from === name);
