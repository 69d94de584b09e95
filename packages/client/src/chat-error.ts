import type { ErrorCode } from "./error-code.ts";

/**
 * Why a session has ended:
 *
 * - `closed`: the application called `close`, or aborted the session's signal.
 * - `sign-in-required`: `connect` threw a {@link SignInRequiredError}.
 * - `connect-failed`: `connect` threw another error with `final: true`. It is the `cause`.
 * - `unauthorized`, `forbidden`: the handshake was refused with 401 or 403. Only the package `ws` reports the status.
 * - `handshake-refused`: several handshakes were refused although the chat is reachable. In a browser, this is what a 401 or
 *   a 403 looks like.
 * - `kicked`, `banned`: a moderator removed the user.
 * - `invalid-address`: `connect` returned no URL, or an invalid URL or subprotocol.
 * - `no-websocket`: the environment has no WebSocket.
 */
export type EndCode =
  | "closed"
  | "sign-in-required"
  | "connect-failed"
  | "unauthorized"
  | "forbidden"
  | "handshake-refused"
  | "kicked"
  | "banned"
  | "invalid-address"
  | "no-websocket";

/**
 * The code of a {@link ChatError}: a code of the chat, a reason for which the session has ended, or:
 *
 * - `connection-lost`: the connection was lost before a reply came, and the request is not repeated. It may have had an
 *   effect.
 * - `unknown-route`: this chat does not have the request, for example because it has no moderators.
 * - `outbox-failed`: the outbox could not be read or written. The message is sent, but does not survive a reload.
 */
export type ChatErrorCode = ErrorCode | EndCode | "connection-lost" | "unknown-route" | "outbox-failed";

/** A request that failed, or the end of a session. `message` is a sentence for people; `code` is for programs. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ChatErrorCode;
  /** The route of the request that failed, such as `join`. */
  readonly request: string | undefined;

  constructor(
    code: ChatErrorCode,
    message: string,
    options: { readonly request?: string; readonly cause?: unknown } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.request = options.request;
  }
}

/** Thrown by `connect` if the user has to sign in again. The session ends instead of connecting again. */
export class SignInRequiredError extends Error {
  override readonly name = "SignInRequiredError";
  readonly final = true;

  constructor(message = "The user must sign in.", options?: ErrorOptions) {
    super(message, options);
  }
}
