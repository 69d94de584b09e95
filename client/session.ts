import { type Address, Connection, type Loss } from "./connection.ts";
import type { Answer, EndCode, News, Request, Unanswered } from "./frames.ts";
import { newFeed } from "./join.ts";
import { startMaintenance } from "./maintenance.ts";
import { Outbox } from "./outbox.ts";
import type { Ports } from "./ports.ts";
import { actionOf } from "./requests.ts";
import { resume } from "./resume.ts";
import { backOff } from "./retry.ts";
import type { SessionEvent, SessionState } from "./session-state.ts";
import { TIMING, type Timing } from "./timing.ts";

/** Called for every connection, so that each one can have its own token. If it rejects, the session retries. */
export type AddressProvider = () => Promise<Address>;

export interface SessionOptions {
  /** The URL, or a provider of the URL and the subprotocols. A URL whose token expires needs a provider. */
  readonly url: string | AddressProvider;
  /** The name to claim. Without one, the user is a guest. */
  readonly name?: string | undefined;
  /** The channels to join. The chat adds every connection to the lobby; the session leaves the lobby unless it is listed. */
  readonly channels: readonly string[];
  /** How many messages from before the join are reported for each channel. Default: 0. */
  readonly told?: number;
  readonly tell: (event: SessionEvent) => void;
  readonly ports: Ports;
  readonly timing?: Partial<Timing>;
}

const CLOSED: Unanswered = {
  type: "unanswered",
  code: "closed",
  detail: "The session was closed before an answer came.",
};

const ADVICE: { readonly [Code in EndCode]: string } = {
  unauthorized:
    "The token is missing, invalid or expired. Give `url` a provider that gets a new token for each connection",
  forbidden: "The user, the origin of the page or the stage in the URL is not allowed. Connecting again does not help",
  "invalid-address":
    "The URL must begin with wss:// or ws://, and a subprotocol cannot contain spaces, commas, slashes or equals signs",
};

/**
 * A chat session over any number of connections. It reconnects by itself, restores its name and channels, reports every
 * message of its channels once and in order, and sends every message once.
 */
export class Session {
  readonly #provide: AddressProvider;
  readonly #state: SessionState;
  readonly #outbox = new Outbox();
  #connection: Connection | undefined;
  /** The result of every request that has no answer; undefined while the session lasts. */
  #ended: Unanswered | undefined;
  /** Attempts since the last connection that lasted. */
  #tries = 0;
  #cutWait: () => void = () => undefined;

  constructor({ url, name, channels, told = 0, tell, ports, timing }: SessionOptions) {
    this.#provide = typeof url === "string" ? async () => ({ url }) : url;
    this.#state = {
      ports,
      timing: { ...TIMING, ...timing },
      tell: (event) => tellSafely(tell, event),
      told,
      sent: new Set(),
      feeds: new Map(),
      name,
      hadName: false,
      user: undefined,
    };
    for (const channel of channels) newFeed(this.#state, channel);
    void this.#run();
  }

  /** The channels that the session has joined or is about to join. */
  get channels(): readonly string[] {
    return [...this.#state.feeds.keys()];
  }

  /** The name of this user. Undefined until a connection has answered the first `join`, `leave` or `name`. */
  get user(): string | undefined {
    return this.#state.user;
  }

  /** Sends a request after all earlier ones, as soon as there is a connection. Always settles, at the latest at `close`. */
  async ask(request: Request): Promise<Answer | Unanswered> {
    return (await this.#outbox.add(actionOf(this.#state, request))) ?? this.#ended ?? CLOSED;
  }

  /** Disconnects for good. Requests without an answer settle as `closed`. Messages that are held back are reported. */
  async close(): Promise<void> {
    this.#end(CLOSED);
    await this.#connection?.leave();
    for (const feed of this.#state.feeds.values()) feed.flush();
  }

  async #run(): Promise<void> {
    const { ports, tell } = this.#state;
    while (!this.#ended) {
      const { reason, end: code } = await this.#connectOnce();
      if (this.#ended) return;
      if (code) {
        const detail = `The session has ended: ${reason}. ${ADVICE[code]}.`;
        this.#end({ type: "unanswered", code, detail });
        tell({ type: "ended", code, detail });
        return;
      }
      const retryMilliseconds = backOff(this.#tries, ports.random);
      this.#tries += 1;
      tell({ type: "offline", reason, retryMilliseconds });
      await this.#wait(retryMilliseconds);
    }
  }

  /** One connection, from its address to its loss. */
  async #connectOnce(): Promise<Loss> {
    const address = await this.#address();
    if ("reason" in address) return address;
    const connection = this.#open(address);
    if ("reason" in connection) return connection;
    this.#connection = connection;
    if (!this.#ended && (await connection.opened) && (await resume(this.#state, connection))) {
      await this.#work(connection);
    }
    return connection.lost;
  }

  /** Calls the provider, with the timeout of an answer. */
  #address(): Promise<Address | Loss> {
    const { ports, timing } = this.#state;
    return new Promise((resolve) => {
      const fail = (why: string): void => resolve({ reason: `the address is unknown: ${why}` });
      const cancel = ports.after(timing.answer, () => fail(`nothing came for ${timing.answer / 1000} seconds`));
      this.#cutWait = () => {
        cancel();
        fail("the session was closed");
      };
      const provided = Promise.resolve()
        .then(this.#provide)
        .then((address) => (isAddress(address) ? resolve(address) : fail("the provider did not return a url")))
        .catch((fault) => fail(messageOf(fault)));
      void provided.then(cancel);
    });
  }

  #open(address: Address): Connection | Loss {
    const { ports, timing, feeds } = this.#state;
    const hear = (news: News): void => this.#hear(news);
    if (this.#ended) return { reason: this.#ended.detail };
    // Pushes start with the handshake. They wait until the history from before them has been read.
    for (const feed of feeds.values()) feed.hold();
    try {
      return new Connection({ ...ports, address, timing, hear });
    } catch (fault) {
      return { reason: messageOf(fault), end: "invalid-address" };
    }
  }

  async #work(connection: Connection): Promise<void> {
    const { ports, timing, tell } = this.#state;
    const cancel = ports.after(timing.steady, () => {
      this.#tries = 0;
    });
    tell({ type: "online" });
    const endMaintenance = startMaintenance(this.#state, this.#outbox, connection);
    await this.#outbox.work(connection);
    endMaintenance();
    cancel();
  }

  /** The session of a kicked or banned user ends: it must not reconnect by itself. */
  #hear(news: News): void {
    const { feeds, tell } = this.#state;
    if (news.type === "message") feeds.get(news.channel)?.hear(news);
    else if (news.type === "deleted") feeds.get(news.channel)?.drop(news);
    else if (isForUser(news) || feeds.has(news.channel)) tell({ type: "news", news });
    if (news.type === "kicked" || news.type === "banned") void this.close();
  }

  #end(result: Unanswered): void {
    this.#ended ??= result;
    this.#outbox.close();
    this.#cutWait();
  }

  /** Waits for the next attempt. Ends early if the session is closed. */
  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ended) return resolve();
      const cancel = this.#state.ports.after(milliseconds, resolve);
      this.#cutWait = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Applications in JavaScript can return anything. */
const isAddress = (address: Partial<Address> | undefined): address is Address => typeof address?.url === "string";

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

/** An exception of the application is thrown where it is reported as uncaught, and does not stop the session. */
function tellSafely(tell: SessionOptions["tell"], event: SessionEvent): void {
  try {
    tell(event);
  } catch (fault) {
    queueMicrotask(() => {
      throw fault;
    });
  }
}

type OfChannel = Extract<News, { type: "joined" | "left" | "named" | "typing" | "deleted" }>;

const FOR_USER: readonly News["type"][] = ["direct", "invited", "revoked", "kicked", "banned", "muted", "unmuted"];

/** Whether a frame concerns the user and not a channel. */
const isForUser = (news: Exclude<News, { type: "message" }>): news is Exclude<News, OfChannel | { type: "message" }> =>
  FOR_USER.includes(news.type);
