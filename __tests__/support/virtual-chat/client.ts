import {
  type ChatError,
  createSession,
  type Message,
  type Ports,
  type ReceivedMessage,
  type Session,
} from "@serverless-chat/client";
import type { VirtualClock } from "../../../benchmarks/simulation/clock.ts";
import type { Random } from "../random.ts";
import { outcomeOf, type RecordedSession, record } from "../session.ts";
import type { VirtualNetwork } from "./network.ts";

/** A message that the application asked its session to send. */
export interface Sent {
  readonly channel: string;
  readonly data: string;
  /** When the application asked, in milliseconds of the clock. */
  readonly at: number;
  outcome?: Message | ChatError;
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
  readonly recorded: Omit<RecordedSession, "session">;
  readonly sent: Sent[] = [];
  readonly #clock: VirtualClock;
  #pending = 0;

  constructor({ clock, random, network, name, channels, settle }: ClientOptions) {
    this.#clock = clock;
    this.network = network;
    this.user = network.options.user;
    let ids = 0;
    const ports: Partial<Ports> = {
      after: cancellable(clock),
      now: () => clock.now(),
      random: () => random.below(2 ** 32) / 2 ** 32,
      newId: () => `${this.user}-${ids++}`,
    };
    const connect = () => ({ url: "ws://chat.invalid/dev" });
    const { WebSocket } = network;
    this.session = createSession({ connect, WebSocket, name, channels, ports, timing: { settle } });
    this.recorded = record(this.session);
  }

  /** Whether the session is online, or was when it was closed. */
  get isOnline(): boolean {
    const before = this.recorded.of("state").filter(({ status }) => status !== "ended");
    return before.at(-1)?.status === "online";
  }

  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /** Messages of a channel, in the order in which the application got them. */
  received(channel: string): readonly ReceivedMessage[] {
    return this.recorded.messages(channel);
  }

  async send(channel: string, data: string): Promise<void> {
    const sent: Sent = { channel, data, at: this.#clock.now() };
    this.sent.push(sent);
    sent.outcome = await this.#wait(this.session.send(channel, data));
  }

  async join(channel: string): Promise<void> {
    await this.#wait(this.session.join(channel));
  }

  async #wait<Result>(request: Promise<Result>): Promise<Result | ChatError> {
    this.#pending += 1;
    const outcome = await outcomeOf(request);
    this.#pending -= 1;
    return outcome;
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
