import { LOBBY } from "../chat/channel.ts";
import type { Connection } from "./connection.ts";
import type { Answer, Identified, RequestOf } from "./frames.ts";
import { type HistoryPage, readOn } from "./history.ts";
import type { Act } from "./outbox.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import type { SessionState } from "./session-state.ts";

type SendMessage = Identified<RequestOf<"sendmessage">>;

/**
 * Sends a message once, over any number of connections. Before it is sent again, it is looked up in the history: the chat
 * recognizes a repeat only for ten minutes, and only from the same user, and a guest has a new name on each connection.
 */
export function sendMessage(state: SessionState, frame: SendMessage): Act<Answer> {
  const { channel = LOBBY, id } = frame;
  const { ports, feeds, sent } = state;
  let after: string | undefined;
  sent.add(id);
  const send = async (connection: Connection): Promise<Answer | undefined> => {
    after ??= feeds.get(channel)?.readAfter;
    const answer = await askWithRetries(ports, connection, frame);
    if (answer?.type === "error" || (answer && !feeds.has(channel))) sent.delete(id);
    return answer;
  };
  return async (connection) => {
    if (after === undefined) return send(connection);
    const found = await findSent(state, connection, { frame, after });
    return found === "nothing" ? send(connection) : found;
  };
}

/** Restores a lost answer from the history. Returns undefined if the connection was lost. */
async function findSent(
  { ports }: SessionState,
  connection: Connection,
  { frame, after }: { readonly frame: SendMessage; readonly after: string },
): Promise<Answer | "nothing" | undefined> {
  const { channel = LOBBY, id } = frame;
  let found: string | undefined;
  const take = ({ messages }: HistoryPage): void => {
    found ??= messages.find(({ clientMessageId }) => clientMessageId === id)?.id;
  };
  const read = await readOn(ports, connection, { channel, after, take });
  if (!read || dropIfFailed(connection, read)) return undefined;
  return found === undefined ? "nothing" : { type: "ack", request: "sendmessage", id, message: found };
}
