import { ulid } from "ulid";
import { STORE_MILLISECONDS_MAX } from "../../../chat/message.ts";
import type { FrameHandler, FrameOutcome } from "../../../chat/use-cases/use-case.ts";
import { NOON } from "../builders.ts";
import { aChat, type Chat } from "../chat.ts";
import type { Random } from "../random.ts";
import { VirtualTime } from "./virtual-time.ts";

/** How far the clock of a function may be off, either way. */
const SKEW_MILLISECONDS = 5_000;

/** After this, Lambda ends a function. */
const LAMBDA_MILLISECONDS = 30_000;

/** A write that was aborted may take effect so much later. */
const DELAYED_MILLISECONDS_MAX = 5_000;

type Call = (...given: unknown[]) => Promise<unknown>;

/** How one call to the table goes. */
interface Course {
  /** Until the call takes effect. Longer for a write that the function has given up. */
  readonly effect: number;
  /** From then on, until the answer. */
  readonly answer: number;
  readonly end: "answered" | "failed" | "dead";
}

/**
 * Functions on one store in memory, each with a clock of its own. Calls to the store take a random time, fail, take effect
 * although the function has given them up, or are the last one of their function.
 */
export class SlowFunctions {
  readonly time = new VirtualTime(NOON);
  readonly chat: Chat;
  readonly #random: Random;
  /** Clocks differ by function environment, and the extremes are the interesting ones. */
  readonly #skews: readonly number[];

  constructor(random: Random) {
    this.#random = random;
    this.#skews = [-SKEW_MILLISECONDS, SKEW_MILLISECONDS, random.below(SKEW_MILLISECONDS), 0];
    this.chat = aChat({ now: this.time.now });
  }

  /** What the function answers to a frame; undefined if it failed, or did not end in time. */
  async run<Frame>(handle: FrameHandler<Frame, Chat>, user: string, frame: Frame): Promise<FrameOutcome | undefined> {
    const connected = await this.chat.stored({ id: user });
    const clock = this.#clock();
    const request = { connected, route: "", frame, deadline: clock() + LAMBDA_MILLISECONDS };
    const ended = this.time.pause(LAMBDA_MILLISECONDS).then(() => undefined);
    const ran = handle(this.#ports(clock), request).catch(() => undefined);
    return Promise.race([ran, ended]);
  }

  #clock(): () => number {
    const skew = this.#random.pick(this.#skews);
    return () => this.time.now() + skew;
  }

  #ports(clock: () => number): Chat {
    const { chat } = this;
    const isOver = { isOver: false };
    const startedAt = this.time.now();
    const slow = <Port extends object>(port: Port): Port =>
      Object.fromEntries(
        Object.entries(port as Record<string, Call>).map(([verb, call]) => [
          verb,
          (...given: unknown[]) => {
            if (this.time.now() - startedAt >= LAMBDA_MILLISECONDS) isOver.isOver = true;
            return isOver.isOver ? never() : this.#call(() => call(...given), isOver);
          },
        ]),
      ) as Port;
    return {
      ...chat,
      now: clock,
      newMessageId: () => ulid(clock()),
      messages: slow(chat.messages),
      repeats: slow(chat.repeats),
    };
  }

  async #call(act: () => Promise<unknown>, run: { isOver: boolean }): Promise<unknown> {
    const { effect, answer, end } = this.#course();
    const acting = end === "failed" && this.#random.below(2) === 0 ? undefined : this.time.pause(effect).then(act);
    await this.time.pause(Math.min(effect, STORE_MILLISECONDS_MAX));
    if (run.isOver) return never();
    if (end === "dead") {
      run.isOver = true;
      return never();
    }
    if (end === "failed" || effect > STORE_MILLISECONDS_MAX) throw new Error("The call failed, or was aborted.");
    const result = await acting;
    await this.time.pause(answer);
    return result;
  }

  #course(): Course {
    const random = this.#random;
    const most = STORE_MILLISECONDS_MAX + DELAYED_MILLISECONDS_MAX;
    return {
      effect: random.pick([random.below(50), random.below(50), random.below(most), most - 1]),
      answer: random.pick([random.below(50), random.below(50), random.below(STORE_MILLISECONDS_MAX)]),
      end: random.pick(["answered", "answered", "answered", "answered", "answered", "failed", "dead"] as const),
    };
  }
}

const never = (): Promise<never> => new Promise(() => undefined);
