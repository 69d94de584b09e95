import type { Address } from "./connection.ts";
import type { OutboxStore } from "./outbox.ts";
import type { Ports, SocketConstructor } from "./ports.ts";
import type { Timing } from "./timing.ts";

/** The options of {@link createSession}. */
export interface SessionOptions {
  /**
   * Returns the URL and the subprotocols of the chat. Called for every connection, so that each one can have its own token:
   * `{ url, protocols: ["bearer." + token] }`. `signal` is aborted if the session ends or stops waiting.
   *
   * If it throws a {@link SignInRequiredError}, or another error with `final: true`, the session ends. After any other error
   * it retries.
   */
  readonly connect: (context: { readonly signal: AbortSignal }) => Promise<Address> | Address;
  /** The name to claim. Without one, the user is a guest. Omit it with authentication: the name then comes from the token. */
  readonly name?: string | undefined;
  /** The channels to join. Default: the lobby. The session leaves the lobby if it is not listed. */
  readonly channels?: readonly string[] | undefined;
  /**
   * Whether the chat keeps the channels of its users (its setting `lastingMembership`). The session is then in these channels
   * without a `join`, and removes channels that the user leaves on another device. Default: false.
   */
  readonly lastingChannels?: boolean | undefined;
  /** How many messages from before the join are reported for each channel: at most 100. Default: 0. */
  readonly history?: number | undefined;
  /**
   * Whether the chat stores direct messages (its setting `directConversations`). The session then reports the
   * messages that it missed, and sends each message once. Default: false.
   */
  readonly directConversations?: boolean | undefined;
  /** Where unsent messages are stored, so that they survive a reload. Default: nowhere. */
  readonly outbox?: OutboxStore | undefined;
  /** Closes the session when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Default: `globalThis.WebSocket`, or that of the package `ws` in Node 20. */
  readonly WebSocket?: SocketConstructor | undefined;
  readonly timing?: Partial<Timing> | undefined;
  /** For tests. */
  readonly ports?: Partial<Ports> | undefined;
}

/** Throws a `TypeError` for options that can never work. Applications in JavaScript can pass anything. */
export function checkOptions(options: Partial<SessionOptions> | undefined): void {
  if (typeof options?.connect !== "function") {
    throw new TypeError(
      `createSession requires the option \`connect\`, a function that returns \`{ url }\` for each connection. The type of \`connect\` was ${typeof options?.connect}.`,
    );
  }
  const { channels = [] } = options;
  // A string is iterable, too: each of its letters would be a channel.
  if (!Array.isArray(channels) || channels.some((channel) => typeof channel !== "string")) {
    throw new TypeError(
      `The option \`channels\` must be an array of strings, such as ["lobby"]. It was ${JSON.stringify(channels)}.`,
    );
  }
}
