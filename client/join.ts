import type { Connection } from "./connection.ts";
import { Feed, type Message } from "./feed.ts";
import type { Answer } from "./frames.ts";
import { fill, readPast } from "./history.ts";
import { isBroken, isPassing, persist } from "./persist.ts";
import type { Standing } from "./standing.ts";

/** Joins a channel, and fills its feed. The feed exists before the join, so that no message after it is lost. */
export async function join(standing: Standing, connection: Connection, channel: string): Promise<Answer | undefined> {
  const { ports, feeds } = standing;
  const isNew = !feeds.has(channel);
  const feed = feeds.get(channel) ?? newFeed(standing, channel);
  feed.hold();
  const answer = await persist(ports, connection, { message: "join", channel, id: ports.newId() });
  if (answer?.type === "error" && (isNew || !isPassing(answer))) feeds.delete(channel);
  if (answer?.type !== "ack") return answer;
  learnName(standing, answer.user);
  return (await catchUp(standing, connection, { feed, at: answer.at })) ? answer : undefined;
}

/** Reads the messages from before the join that are wanted, and those since. False if the connection is lost. */
async function catchUp(
  standing: Standing,
  connection: Connection,
  { feed, at }: { readonly feed: Feed; readonly at: string | undefined },
): Promise<boolean> {
  const { ports, told } = standing;
  if (at === undefined) {
    connection.drop('the answer to "join" has no "at": the chat is older than this client');
    return false;
  }
  feed.start(at);
  if (told > 0 && !feed.hasPast) {
    const past = await readPast(ports, connection, { feed, told });
    if (!past || isBroken(connection, past)) return false;
  }
  return fill(standing, connection, feed);
}

/** A guest learns its name from the answers to `join` and `leave`. */
function learnName(standing: Standing, user: string | undefined): void {
  if (user === undefined || user === standing.user) return;
  standing.user = user;
  standing.tell({ type: "called", user });
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

export async function leave(standing: Standing, connection: Connection, channel: string): Promise<Answer | undefined> {
  const { ports, feeds } = standing;
  const answer = await persist(ports, connection, { message: "leave", channel, id: ports.newId() });
  if (answer?.type === "ack") learnName(standing, answer.user);
  // A refusal means that the user was not a member.
  if (answer && !isPassing(answer)) feeds.delete(channel);
  return answer;
}

/** The feed of a channel that is about to be joined. */
export function newFeed(standing: Standing, channel: string): Feed {
  const feed = new Feed({
    channel,
    after: standing.ports.after,
    settle: standing.timing.settle,
    tell(told) {
      standing.tell({ type: "said", isOwn: isOwn(standing, told.message), ...told });
    },
  });
  standing.feeds.set(channel, feed);
  return feed;
}

/** The user's name is the user's own also while a lost connection still holds it. */
const isOwn = ({ sent, user, name, hadName }: Standing, { clientMessageId, from }: Message): boolean =>
  (clientMessageId !== undefined && sent.delete(clientMessageId)) || from === user || (hadName && from === name);
