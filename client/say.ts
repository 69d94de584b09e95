import { LOBBY } from "../chat/channel.ts";
import type { Connection } from "./connection.ts";
import type { Answer, Identified, RequestOf } from "./frames.ts";
import { type HistoryPage, readOn } from "./history.ts";
import type { Act } from "./outbox.ts";
import { isBroken, persist } from "./persist.ts";
import type { Standing } from "./standing.ts";

type Saying = Identified<RequestOf<"sendmessage">>;

/**
 * Sends a message once, over any number of connections. The chat recognizes a repeat by user, channel and id. A user who
 * has come back under another name first looks in the history for the message that was sent under the name before.
 */
export function say(standing: Standing, frame: Saying): Act<Answer> {
  const { channel = LOBBY, id } = frame;
  const { ports, feeds, sent } = standing;
  const names = new Set<string | undefined>();
  let after: string | undefined;
  sent.add(id);
  const send = async (connection: Connection): Promise<Answer | undefined> => {
    names.add(standing.user);
    after ??= feeds.get(channel)?.readAfter;
    const answer = await persist(ports, connection, frame);
    if (answer?.type === "error" || (answer && !feeds.has(channel))) sent.delete(id);
    return answer;
  };
  return async (connection) => {
    if (after === undefined || isOnlyName(names, standing.user)) return send(connection);
    const found = await findSaid(standing, connection, { frame, after });
    return found === "nothing" ? send(connection) : found;
  };
}

const isOnlyName = (names: ReadonlySet<string | undefined>, user: string | undefined): boolean =>
  user !== undefined && names.size === 1 && names.has(user);

/** The answer that was lost, restored from the history; undefined if the connection was lost. */
async function findSaid(
  { ports }: Standing,
  connection: Connection,
  { frame, after }: { readonly frame: Saying; readonly after: string },
): Promise<Answer | "nothing" | undefined> {
  const { channel = LOBBY, id } = frame;
  let found: string | undefined;
  const take = ({ messages }: HistoryPage): void => {
    found ??= messages.find(({ clientMessageId }) => clientMessageId === id)?.id;
  };
  const read = await readOn(ports, connection, { channel, after, take });
  if (!read || isBroken(connection, read)) return undefined;
  return found === undefined ? "nothing" : { type: "ack", request: "sendmessage", id, message: found };
}
