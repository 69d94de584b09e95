import type { VirtualClock } from "../../../benchmarks/simulation/clock.ts";
import type { Answer, Request, Unanswered } from "../../../client/frames.ts";
import type { Message } from "../../../client/message-feed.ts";
import type { Ports } from "../../../client/ports.ts";
import { Session } from "../../../client/session.ts";
import type { SessionEvent } from "../../../client/session-state.ts";
import type { Random } from "../random.ts";
import type { VirtualNetwork } from "./network.ts";

/** A message that the application asked its session to send. */
export interface Sent {
  readonly channel: string;
  readonly data: string;
  /** When the application asked, in milliseconds of the clock. */
  readonly at: number;
  answer?: Answer | Unanswered;
}

export interface ClientOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly network: VirtualNetwork;
  readonly name: string | undefined;
  readonly channels: readonly string[];
  readonly settle: number;
}

/** An application with its session. */
export class VirtualClient {
  readonly session: Session;
  readonly user: string;
  readonly network: VirtualNetwork;
  readonly events: SessionEvent[] = [];
  readonly sent: Sent[] = [];
  readonly #clock: VirtualClock;
  #pending = 0;

  constructor({ clock, random, network, name, channels, settle }: ClientOptions) {
    this.#clock = clock;
    this.network = network;
    this.user = network.options.user;
    let ids = 0;
    const ports: Ports = {
      WebSocket: network.WebSocket,
      after: cancellable(clock),
      now: () => clock.now(),
      random: () => random.below(2 ** 32) / 2 ** 32,
      newId: () => `${this.user}-${ids++}`,
    };
    const url = "ws://chat.invalid/dev";
    const tell = (event: SessionEvent): void => void this.events.push(event);
    this.session = new Session({ url, channels, tell, ports, timing: { settle }, ...(name !== undefined && { name }) });
  }

  get isOnline(): boolean {
    return this.events.filter(({ type }) => ["online", "offline", "ended"].includes(type)).at(-1)?.type === "online";
  }

  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /** Messages of a channel, in the order in which the application got them. */
  heard(channel: string): { readonly message: Message; readonly isLate: boolean; readonly isOwn: boolean }[] {
    return this.events.flatMap((event) => (event.type === "said" && event.message.channel === channel ? [event] : []));
  }

  async send(channel: string, data: string): Promise<void> {
    const sent: Sent = { channel, data, at: this.#clock.now() };
    this.sent.push(sent);
    sent.answer = await this.#ask({ message: "sendmessage", channel, data });
  }

  async join(channel: string): Promise<void> {
    await this.#ask({ message: "join", channel });
  }

  async #ask(request: Request): Promise<Answer | Unanswered> {
    this.#pending += 1;
    const answer = await this.session.ask(request);
    this.#pending -= 1;
    return answer;
  }
}

const cancellable =
  (clock: VirtualClock): Ports["after"] =>
  (milliseconds, act) => {
    let isCancelled = false;
    clock.after(milliseconds, () => {
      if (!isCancelled) act();
    });
    return () => {
      isCancelled = true;
    };
  };
