import { actOf } from "./act.ts";
import { backOff } from "./back-off.ts";
import { Connection } from "./connection.ts";
import type { Answer, News, Request, Unanswered } from "./frames.ts";
import { newFeed } from "./join.ts";
import { Outbox } from "./outbox.ts";
import type { Ports } from "./ports.ts";
import { resume } from "./resume.ts";
import type { SessionEvent, Standing } from "./standing.ts";
import { TIMING, type Timing } from "./timing.ts";
import { upkeep } from "./upkeep.ts";

export interface SessionOptions {
  readonly url: string;
  /** A guest's when not given. */
  readonly name?: string | undefined;
  /** Where to be; everybody is in the lobby who is not told otherwise. */
  readonly channels: readonly string[];
  /** How many messages of the past are told of a channel that is joined; none when not given. */
  readonly told?: number;
  readonly tell: (event: SessionEvent) => void;
  readonly ports: Ports;
  readonly timing?: Partial<Timing>;
}

const CLOSED: Unanswered = { type: "unanswered", detail: "The session was closed before an answer came." };

/**
 * A user's place in the chat, over any number of connections. It comes back by itself, with its name and its channels,
 * tells every message of them once and in order, and says once what it is asked to say.
 */
export class Session {
  readonly #url: string;
  readonly #standing: Standing;
  readonly #outbox = new Outbox();
  #connection: Connection | undefined;
  #isClosed = false;
  #cutWait: () => void = () => undefined;

  constructor({ url, name, channels, told = 0, tell, ports, timing }: SessionOptions) {
    this.#url = url;
    this.#standing = {
      ports,
      timing: { ...TIMING, ...timing },
      tell,
      told,
      feeds: new Map(),
      name,
      hadName: false,
      user: undefined,
    };
    for (const channel of channels) newFeed(this.#standing, channel);
    void this.#run();
  }

  /** Where it is a member, or is about to be. */
  get channels(): readonly string[] {
    return [...this.#standing.feeds.keys()];
  }

  /** What the chat calls this user; undefined for a guest who has said nothing yet. */
  get user(): string | undefined {
    return this.#standing.user;
  }

  /** Asks after all that was asked before, now or once there is a connection. Gives what it came to, and never rejects. */
  async ask(request: Request): Promise<Answer | Unanswered> {
    return (await this.#outbox.add(actOf(this.#standing, request))) ?? CLOSED;
  }

  /** Hangs up for good. What has no answer yet is given up, what was heard is told. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#outbox.close();
    this.#cutWait();
    await this.#connection?.leave();
    for (const feed of this.#standing.feeds.values()) feed.flush();
  }

  async #run(): Promise<void> {
    const { ports, tell } = this.#standing;
    for (let tries = 0; !this.#isClosed; tries++) {
      const connection = this.#connect();
      if ((await connection.opened) && (await resume(this.#standing, connection))) {
        tries = 0;
        await this.#work(connection);
      }
      const reason = await connection.lost;
      if (this.#isClosed) return;
      const retryMilliseconds = backOff(tries, ports.random);
      tell({ type: "offline", reason, retryMilliseconds });
      await this.#wait(retryMilliseconds);
    }
  }

  #connect(): Connection {
    const { ports, timing } = this.#standing;
    const hear = (news: News): void => this.#hear(news);
    this.#connection = new Connection({ ...ports, url: this.#url, timing, hear });
    return this.#connection;
  }

  async #work(connection: Connection): Promise<void> {
    this.#standing.tell({ type: "online" });
    const endUpkeep = upkeep(this.#standing, this.#outbox);
    await this.#outbox.work(connection);
    endUpkeep();
  }

  /** Who was kicked does not come back by itself. */
  #hear(news: News): void {
    const { feeds, tell } = this.#standing;
    if (news.type === "deleted") feeds.get(news.channel)?.drop(news.id);
    if (news.type === "message") feeds.get(news.channel)?.hear(news);
    else if (isForUser(news) || feeds.has(news.channel)) tell({ type: "news", news });
    if (news.type === "kicked") void this.close();
  }

  /** For the next try, unless it is closed before. */
  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve();
      const callOff = this.#standing.ports.after(milliseconds, resolve);
      this.#cutWait = () => {
        callOff();
        resolve();
      };
    });
  }
}

type OfChannel = Extract<News, { type: "joined" | "left" | "named" | "typing" | "deleted" }>;

/** Whether it is told to the user, and not to a channel. */
const isForUser = (news: Exclude<News, { type: "message" }>): news is Exclude<News, OfChannel | { type: "message" }> =>
  news.type === "direct" || news.type === "invited" || news.type === "kicked";
