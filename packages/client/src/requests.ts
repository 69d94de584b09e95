import { ChatError } from "./chat-error.ts";
import type { Connection } from "./connection.ts";
import { join, joinPrivate, leave } from "./join.ts";
import { claimName } from "./name.ts";
import type { Action } from "./request-queue.ts";
import { askWithRetries } from "./retry.ts";
import type { Place } from "./session.ts";
import type { SessionContext } from "./session-context.ts";
import type { CustomRequest, Reply, Request, RequestOf } from "./wire.ts";

/** Every request but `sendmessage`, which needs more care. */
export type PlainRequest = Exclude<Request, { message: "sendmessage" }>;

/** The connection was lost before a reply came, and the request must not be repeated. */
export const CONNECTION_LOST = "connection lost";

/** Returns the action that completes a request, over any number of connections. */
export function actionOf(context: SessionContext, request: PlainRequest): Action<Reply | typeof CONNECTION_LOST> {
  switch (request.message) {
    case "join":
      return (connection) => (request.private ? joinPrivate : join)(context, connection, request.channel);
    case "leave":
      return (connection) => leave(context, connection, request.channel);
    case "name":
      return (connection) => claimName(context, connection, request.data);
    case "direct":
      // A chat that does not store direct messages cannot recognize a repeat.
      return context.direct ? repeatable(context, request) : onceOnly(context, request);
    case "react":
    case "edit":
    case "delete":
      return bySameAuthor(context, request);
    default: {
      const frame = { ...request, id: context.ports.newId() };
      return (connection) => askWithRetries(context.ports, connection, frame);
    }
  }
}

/** The chat recognizes a repeat for ten minutes. */
const REPEATABLE_MILLISECONDS = 9 * 60_000;

/** The action of a request that is repeated while the chat recognizes repeats. */
const repeatable = (
  { ports }: SessionContext,
  request: RequestOf<"direct">,
): Action<Reply | typeof CONNECTION_LOST> => {
  const frame = { ...request, id: ports.newId() };
  let sentAt: number | undefined;
  return async (connection) => {
    sentAt ??= ports.now();
    if (ports.now() - sentAt > REPEATABLE_MILLISECONDS) return CONNECTION_LOST;
    return askWithRetries(ports, connection, frame);
  };
};

/**
 * The action of a request that only the author of the first attempt may repeat. On the next connection, a guest is another
 * author: a repeated reaction would count twice, and a repeated edit or deletion would be refused.
 */
const bySameAuthor = (
  context: SessionContext,
  request: RequestOf<"react" | "edit" | "delete">,
): Action<Reply | typeof CONNECTION_LOST> => {
  const frame = { ...request, id: context.ports.newId() };
  let first: { readonly user: string | undefined; readonly connection: Connection } | undefined;
  return async (connection) => {
    const { user, hadName } = context;
    first ??= { user, connection };
    // Only guests choose a name. A guest without one has another name on each connection.
    const isOther = first.connection !== connection && (hadName || first.user !== user);
    return isOther ? CONNECTION_LOST : askWithRetries(context.ports, connection, frame);
  };
};

/** The action of a request that is sent at most once. */
export const onceOnly = (
  { ports }: SessionContext,
  request: CustomRequest | Extract<PlainRequest, { message: "direct" }>,
): Action<Reply | typeof CONNECTION_LOST> => {
  const frame = { ...request, id: ports.newId() };
  return async (connection: Connection) => (await connection.ask(frame)) ?? CONNECTION_LOST;
};

/** The fields of a frame about a message of a channel or a conversation. */
export const fieldsOf = (place: Place): Pick<RequestOf<"edit">, "channel" | "direct" | "publisher"> =>
  typeof place === "object" ? { direct: place.direct, publisher: place.publisher } : { channel: place };

/** Throws if a required string is missing. JSON omits an undefined `channel` or `direct`, and the chat then uses the lobby. */
export function checkFrame(frame: CustomRequest): void {
  const { message: request } = frame;
  const isInvalid = (field: string): boolean => typeof frame[field] !== "string";
  const field = ["message", ...["channel", "direct"].filter((name) => name in frame)].find(isInvalid);
  if (field === undefined) return;
  const detail = `"${field}" of a request must be a string. Its type was ${typeof frame[field]}. The request was not sent.`;
  throw new ChatError("malformed-frame", detail, { request });
}
