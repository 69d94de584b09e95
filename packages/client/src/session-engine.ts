import { loadWebSocket } from "#websocket";
import { addressOf, messageOf } from "./address.ts";
import { ChatError, type EndCode } from "./chat-error.ts";
import { type Address, Connection, type Loss } from "./connection.ts";
import type { ConnectionState, Emitter } from "./events.ts";
import { readMissedMessages, startMaintenance } from "./maintenance.ts";
import { PendingMessages } from "./pending-messages.ts";
import type { NetworkChange, SocketConstructor } from "./ports.ts";
import { receivePush } from "./receive-push.ts";
import { type Action, RequestQueue } from "./request-queue.ts";
import { resume } from "./resume.ts";
import { backOff } from "./retry.ts";
import { addFeed, type SessionContext } from "./session-context.ts";
import type { SessionOptions } from "./session-options.ts";
import type { Push } from "./wire.ts";

const ADVICE: { readonly [Code in EndCode]?: string } = {
  unauthorized: "The token is missing, invalid or expired. `connect` must return a new token for each connection",
  forbidden: "The user, the origin of the page or the stage in the URL is not allowed. Connecting again does not help",
  "invalid-address":
    "The URL must begin with wss:// or ws://, and a subprotocol cannot contain spaces, commas, slashes or equals signs",
  "handshake-refused":
    "The chat is reachable but refuses the connection: the token is invalid, the origin of the page is not allowed, or the user is banned. Sign in again",
};

/** After so many failures in a row that a browser does not explain, the session checks whether the chat is reachable. */
const UNEXPLAINED_MAX = 5;

export const CLOSED = "The session was closed before a reply came.";

/** Keeps a session connected: connects, restores the session, works off the queue, and waits before the next attempt. */
export class SessionEngine {
  readonly context: SessionContext;
  readonly queue = new RequestQueue();
  readonly pending: PendingMessages;
  readonly #connect: SessionOptions["connect"];
  readonly #emitter: Emitter;
  readonly #abort = new AbortController();
  readonly #stopListening: () => void;
  #WebSocket: SocketConstructor | undefined;
  #connection: Connection | undefined;
  #state: ConnectionState = { status: "connecting" };
  /** Set as soon as the session is ending. */
  #end: ChatError | undefined;
  #url: string | undefined;
  /** Attempts since the last connection that lasted. */
  #tries = 0;
  #unexplained = 0;
  #cutWait: () => void = () => undefined;

  constructor(
    options: SessionOptions,
    { context, emitter }: { readonly context: SessionContext; readonly emitter: Emitter },
  ) {
    this.context = context;
    this.#emitter = emitter;
    this.#connect = options.connect;
    this.#WebSocket = options.WebSocket;
    this.pending = new PendingMessages({
      context,
      queue: this.queue,
      outbox: options.outbox,
      endError: () => this.endError,
    });
    emitter.on("channels", () => this.pending.channelsChanged());
    this.#stopListening = context.ports.onNetworkChange((change) => this.#networkChanged(change));
    for (const channel of options.channels ?? []) addFeed(context, channel);
    void this.#run();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The error of every request that has no reply. */
  get endError(): ChatError {
    return this.#end ?? new ChatError("closed", CLOSED);
  }

  /** Performs a request after all earlier ones, as soon as there is a connection. Undefined: the session ended first. */
  perform<Result>(action: Action<Result>): Promise<Result | undefined> {
    return this.queue.add(action);
  }

  /** Ends the session. Messages that are held back are reported. */
  async end(error: ChatError): Promise<void> {
    if (this.#end) return;
    this.#end = error;
    this.#stopListening();
    this.queue.close();
    this.#abort.abort();
    this.#cutWait();
    await this.#connection?.close();
    for (const feed of this.context.feeds.values()) feed.flush();
    this.pending.close();
    this.#setState({ status: "ended", error: error as ChatError & { code: EndCode } });
  }

  async #run(): Promise<void> {
    while (!this.#end) {
      const loss = await this.#connectOnce();
      const code = loss.end ?? (await this.#refusalOf(loss));
      if (code) await this.end(endErrorOf(code, loss));
      if (this.#end) return;
      await this.#waitToRetry(loss.reason);
      this.#setState({ status: "connecting" });
    }
  }

  /** One connection, from its address to its loss. */
  async #connectOnce(): Promise<Loss> {
    const { ports, timing } = this.context;
    const address = await addressOf(this.#connect, { ports, timing, ended: this.#abort.signal });
    if ("reason" in address) return address;
    this.#url = address.url;
    const connection = await this.#open(address);
    if ("reason" in connection) return connection;
    this.#connection = connection;
    const isOpen = await connection.opened;
    if (isOpen) this.#unexplained = 0;
    if (!this.#end && isOpen && (await resume(this.context, connection))) await this.#work(connection);
    return connection.lost;
  }

  async #open(address: Address): Promise<Connection | Loss> {
    const { ports, timing, feeds } = this.context;
    try {
      this.#WebSocket ??= await loadWebSocket();
    } catch (cause) {
      return { reason: messageOf(cause), end: "no-websocket", cause };
    }
    if (this.#end) return { reason: this.#end.message };
    // Pushes start with the handshake. They wait until the history from before them has been read.
    for (const feed of feeds.values()) feed.hold();
    try {
      const onPush = (frame: Push): void => this.#receive(frame);
      return new Connection({ WebSocket: this.#WebSocket, after: ports.after, address, timing, onPush });
    } catch (fault) {
      return { reason: messageOf(fault), end: "invalid-address" };
    }
  }

  async #work(connection: Connection): Promise<void> {
    const { ports, timing } = this.context;
    const cancel = ports.after(timing.steady, () => {
      this.#tries = 0;
    });
    this.#setState({ status: "online" });
    const endMaintenance = startMaintenance(this.context, this.queue, connection);
    await this.queue.work(connection);
    endMaintenance();
    cancel();
  }

  #receive(frame: Push): void {
    const error = receivePush(this.context, frame);
    if (error) void this.end(error);
  }

  /** The reason to end after repeated handshakes that failed without a status, as they do in a browser. */
  async #refusalOf({ isUnexplained }: Loss): Promise<EndCode | undefined> {
    const { ports } = this.context;
    if (!isUnexplained || this.#url === undefined) return undefined;
    this.#unexplained += 1;
    if (this.#unexplained < UNEXPLAINED_MAX || this.#isOffline()) return undefined;
    return (await ports.isReachable(this.#url)) ? "handshake-refused" : undefined;
  }

  /** Waits for the next attempt. Ends early if the session ends, or the network changes. */
  #waitToRetry(reason: string): Promise<void> {
    const { ports } = this.context;
    const retryMilliseconds = this.#isOffline() ? undefined : backOff(this.#tries, ports.random);
    this.#tries += 1;
    return new Promise((resolve) => {
      const cancel = retryMilliseconds === undefined ? undefined : ports.after(retryMilliseconds, resolve);
      this.#cutWait = () => {
        cancel?.();
        resolve();
      };
      this.#setState({ status: "offline", reason, retryMilliseconds });
    });
  }

  #networkChanged(change: NetworkChange): void {
    if (change === "online") this.#tries = 0;
    if (change === "offline" && this.#isOffline()) {
      this.#connection?.drop("the device is offline");
      return;
    }
    if (this.#state.status === "offline" && !this.#isOffline()) this.#cutWait();
    // The connection may have been lost while the page was suspended. A reply proves that it was not.
    else if (this.#state.status === "online") {
      void this.queue.add((connection) => readMissedMessages(this.context, connection));
    }
  }

  /** A chat on the same machine needs no network. */
  #isOffline(): boolean {
    const isLocal = /^wss?:\/\/(localhost|127\.|\[::1\])/.test(this.#url ?? "");
    return !isLocal && this.context.ports.isOffline();
  }

  #setState(state: ConnectionState): void {
    if (this.#state.status === "ended" || (this.#end && state.status !== "ended")) return;
    this.#state = state;
    this.#emitter.emit("state", state);
  }
}

function endErrorOf(code: EndCode, { reason, cause }: Loss): ChatError {
  const advice = ADVICE[code];
  const message = advice ? `The session has ended: ${reason}. ${advice}.` : reason;
  return new ChatError(code, message, cause === undefined ? {} : { cause });
}
