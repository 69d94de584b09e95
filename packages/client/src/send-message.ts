import type { Connection } from "./connection.ts";
import { readOn } from "./history.ts";
import type { Message } from "./protocol.ts";
import type { HistoryPage } from "./replies.ts";
import type { Action } from "./request-queue.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import type { SessionContext } from "./session-context.ts";
import { FIRST_ID, timeOfId } from "./ulid.ts";
import type { Refusal, Reply } from "./wire.ts";

/** A message to send. A frame with the same id can have been sent before, even by an earlier session. */
export interface Draft {
  readonly id: string;
  readonly channel: string;
  readonly data: string;
  readonly replyTo?: string | undefined;
  readonly mentions?: readonly string[] | undefined;
  /** Where to start searching the history. Undefined: never sent. */
  readonly after?: string | undefined;
}

/** Half of the chat's ten minutes: the other half allows for a delayed frame. */
const RECOGNIZED_MILLISECONDS = 5 * 60_000;

/**
 * Sends a message once, over any number of connections. A repeat that the chat recognizes also delivers the message to the
 * other members, if the invocation of the first attempt ended early. The chat recognizes it only for ten minutes and only from the
 * same user, and a guest has a new name on each connection. Otherwise, the client first looks for the message in the history.
 *
 * `beforeFirst` runs before the first attempt, with the id after which the history has to be searched later.
 */
export function sendMessage(
  context: SessionContext,
  draft: Draft,
  beforeFirst: (after: string | undefined) => Promise<void>,
): Action<Message | Refusal> {
  const { id, channel, data, replyTo, mentions } = draft;
  const { ports, feeds, sentIds } = context;
  const names = new Set<string | undefined>();
  let { after } = draft;
  let firstAt = Number.POSITIVE_INFINITY;
  sentIds.add(id);
  const isRecognized = (): boolean =>
    context.user !== undefined &&
    names.size === 1 &&
    names.has(context.user) &&
    ports.now() - firstAt < RECOGNIZED_MILLISECONDS;
  const send = async (connection: Connection): Promise<Message | Refusal | undefined> => {
    const from = context.user ?? "";
    names.add(context.user);
    firstAt = Math.min(firstAt, ports.now());
    if (after === undefined) {
      after = feeds.get(channel)?.readAfter;
      await beforeFirst(after);
    }
    const frame = { message: "sendmessage", channel, data, id, replyTo, mentions } as const;
    const reply = await askWithRetries(ports, connection, frame);
    if (!reply) return undefined;
    if (reply.type === "error" || !feeds.has(channel)) sentIds.delete(id);
    return resultOf(reply, { ...draft, from });
  };
  return async (connection) => {
    if (after === undefined || isRecognized()) return send(connection);
    const found = await findSent(context, connection, { ...draft, after });
    return found === "nothing" ? send(connection) : found;
  };
}

/** The error, or the message that was acknowledged. Its time is the one in its id. */
function resultOf(reply: Reply, draft: Draft & { readonly from: string }): Message | Refusal {
  if (reply.type === "error") return reply;
  const { id: clientMessageId, channel, data, from, replyTo, mentions } = draft;
  const id = (reply.type === "ack" && reply.message) || FIRST_ID;
  const at = new Date(timeOfId(id)).toISOString();
  const content = { data, ...(replyTo !== undefined && { replyTo }), ...(mentions && { mentions }) };
  return { type: "message", id, channel, from, ...content, at, clientMessageId };
}

/** Looks for a message whose reply was lost. Returns undefined if the connection was lost. */
async function findSent(
  { ports }: SessionContext,
  connection: Connection,
  { id, channel, after }: Draft & { readonly after: string },
): Promise<Message | "nothing" | undefined> {
  let found: Message | undefined;
  const take = ({ messages }: HistoryPage): void => {
    found ??= messages.find(({ clientMessageId }) => clientMessageId === id);
  };
  const read = await readOn(ports, connection, { channel, after, take });
  if (!read || dropIfFailed(connection, read)) return undefined;
  return found ?? "nothing";
}
