import type { Connection } from "./connection.ts";
import type { Answer } from "./frames.ts";
import { fill, readPast } from "./history.ts";
import { type Message, MessageFeed } from "./message-feed.ts";
import { askWithRetries, dropIfFailed, isTemporary } from "./retry.ts";
import type { SessionState } from "./session-state.ts";

/** Joins a channel and reads its messages. The feed is created first, because pushes can arrive before the answer. */
export async function join(state: SessionState, connection: Connection, channel: string): Promise<Answer | undefined> {
  const { ports, feeds } = state;
  const isNew = !feeds.has(channel);
  const feed = feeds.get(channel) ?? newFeed(state, channel);
  feed.hold();
  const answer = await askWithRetries(ports, connection, { message: "join", channel, id: ports.newId() });
  if (answer?.type === "error" && (isNew || !isTemporary(answer))) feeds.delete(channel);
  if (answer?.type !== "ack") return answer;
  learnName(state, answer.user);
  return (await catchUp(state, connection, { feed, at: answer.at })) ? answer : undefined;
}

/** Reads the requested messages from before the join, and the messages since. Returns false if the connection was lost. */
async function catchUp(
  state: SessionState,
  connection: Connection,
  { feed, at }: { readonly feed: MessageFeed; readonly at: string | undefined },
): Promise<boolean> {
  const { ports, told } = state;
  if (at === undefined) {
    connection.drop('the answer to "join" has no "at": the chat is older than this client');
    return false;
  }
  feed.start(at);
  if (told > 0 && !feed.hasPast) {
    const past = await readPast(ports, connection, { feed, told });
    if (!past || dropIfFailed(connection, past)) return false;
  }
  return fill(state, connection, feed);
}

/** A guest learns its name from the answers to `join` and `leave`. */
function learnName(state: SessionState, user: string | undefined): void {
  if (user === undefined || user === state.user) return;
  state.user = user;
  state.tell({ type: "called", user });
}

/** Creates a private channel of the user, and joins it under its full name. */
export async function joinPrivate(
  state: SessionState,
  connection: Connection,
  channel: string,
): Promise<Answer | undefined> {
  const { ports } = state;
  const answer = await askWithRetries(ports, connection, {
    message: "join",
    channel,
    private: true,
    id: ports.newId(),
  });
  if (answer?.type !== "ack" || answer.channel === undefined) return answer;
  const joined = await join(state, connection, answer.channel);
  return joined?.type === "ack" ? answer : joined;
}

export async function leave(state: SessionState, connection: Connection, channel: string): Promise<Answer | undefined> {
  const { ports, feeds } = state;
  const answer = await askWithRetries(ports, connection, { message: "leave", channel, id: ports.newId() });
  if (answer?.type === "ack") learnName(state, answer.user);
  // A refusal means that the user was not a member.
  if (answer && !isTemporary(answer)) feeds.delete(channel);
  return answer;
}

/** Adds the feed of a channel that is about to be joined. */
export function newFeed(state: SessionState, channel: string): MessageFeed {
  const feed = new MessageFeed({
    channel,
    after: state.ports.after,
    settle: state.timing.settle,
    tell(told) {
      state.tell({ type: "said", isOwn: isOwn(state, told.message), ...told });
    },
    tellDeletion(news) {
      state.tell({ type: "news", news });
    },
  });
  state.feeds.set(channel, feed);
  return feed;
}

/** While a lost connection still holds the user's name, messages from that name are the user's own as well. */
const isOwn = ({ sent, user, name, hadName }: SessionState, { clientMessageId, from }: Message): boolean =>
  (clientMessageId !== undefined && sent.delete(clientMessageId)) || from === user || (hadName && from === name);
