import { LOBBY } from "../chat/channel.ts";
import type { Connection } from "./connection.ts";
import type { Answer, Identified, RequestOf } from "./frames.ts";
import { type HistoryPage, readOn } from "./history.ts";
import type { Act } from "./outbox.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import type { SessionState } from "./session-state.ts";

type SendMessage = Identified<RequestOf<"sendmessage">>;

/** Half of the time in which the chat recognizes a repeat of the same user: a frame can be delayed. */
const RECOGNIZED_MILLISECONDS = 5 * 60_000;

/**
 * Sends a message once, over any number of connections. A repeat that the chat recognizes also delivers the message to the
 * others, if the function of the first attempt died. The chat recognizes it only for ten minutes and only from the same user,
 * and a guest has a new name on each connection: in these cases, the message is first looked up in the history.
 */
export function sendMessage(state: SessionState, frame: SendMessage): Act<Answer> {
  const { channel = LOBBY, id } = frame;
  const { ports, feeds, sent } = state;
  const names = new Set<string | undefined>();
  let after: string | undefined;
  let firstAt = Number.POSITIVE_INFINITY;
  sent.add(id);
  const isRecognized = (): boolean =>
    state.user !== undefined &&
    names.size === 1 &&
    names.has(state.user) &&
    ports.now() - firstAt < RECOGNIZED_MILLISECONDS;
  const send = async (connection: Connection): Promise<Answer | undefined> => {
    names.add(state.user);
    firstAt = Math.min(firstAt, ports.now());
    after ??= feeds.get(channel)?.readAfter;
    const answer = await askWithRetries(ports, connection, frame);
    if (answer?.type === "error" || (answer && !feeds.has(channel))) sent.delete(id);
    return answer;
  };
  return async (connection) => {
    if (after === undefined || isRecognized()) return send(connection);
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
