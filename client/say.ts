import { LOBBY } from "../chat/channel.ts";
import { isGuest } from "../chat/user.ts";
import type { Connection } from "./connection.ts";
import type { Message } from "./feed.ts";
import type { Answer, Identified, RequestOf } from "./frames.ts";
import { readOn } from "./history.ts";
import type { Act } from "./outbox.ts";
import { persist } from "./persist.ts";
import type { Standing } from "./standing.ts";

type Saying = Identified<RequestOf<"sendmessage">>;

/**
 * Says something once, over any number of connections. The chat knows a repeat by user, channel and id. Who has had to
 * come back under another name looks in the history for what was said under the ones before.
 */
export function say(standing: Standing, frame: Saying): Act<Answer> {
  const { channel = LOBBY } = frame;
  const saidAs: (string | undefined)[] = [];
  let after: string | undefined;
  return async (connection) => {
    const { user } = standing;
    const feed = standing.feeds.get(channel);
    if (saidAs.some((name) => name === undefined || name !== user) && after !== undefined) {
      const found = await findSaid(standing, connection, { frame, after, saidAs });
      if (found !== "nothing") return found;
    }
    saidAs.push(user);
    after ??= feed?.lastOwn ?? feed?.readAfter;
    const answer = await persist(standing.ports, connection, frame);
    if (answer?.type === "ack") acknowledged(standing, channel, answer.message);
    return answer;
  };
}

/** A guest learns what the chat calls it from its own first message, which comes before the ack. */
function acknowledged(standing: Standing, channel: string, message: string | undefined): void {
  const feed = standing.feeds.get(channel);
  if (!feed || message === undefined) return;
  feed.lastOwn = message;
  standing.user ??= feed.sayerOf(message);
}

interface Search {
  readonly frame: Saying;
  readonly after: string;
  readonly saidAs: readonly (string | undefined)[];
}

/** The ack that was lost, made anew from the history; undefined when the connection was lost. */
async function findSaid(
  { ports, feeds }: Standing,
  connection: Connection,
  { frame, after, saidAs }: Search,
): Promise<Answer | "nothing" | undefined> {
  const { channel = LOBBY, data, id } = frame;
  const feed = feeds.get(channel);
  const isMine = ({ from, data: said, id: of }: Message): boolean =>
    said === data &&
    of !== feed?.lastOwn &&
    saidAs.some((name) => from === name || (name === undefined && isGuest(from)));
  let mine: string | undefined;
  const take = (page: Message[]): void => {
    mine ??= page.find(isMine)?.id;
  };
  if (!(await readOn(ports, connection, { channel, after, take }))) return undefined;
  if (mine === undefined) return "nothing";
  if (feed) feed.lastOwn = mine;
  return { type: "ack", request: "sendmessage", id, message: mine };
}
