import { ulid } from "ulid";
import { STORE_MILLISECONDS_MAX } from "../../../chat/message.ts";
import type { FrameHandler, FrameOutcome } from "../../../chat/use-cases/use-case.ts";
import { NOON } from "../builders.ts";
import { aChat, type Chat } from "../chat.ts";
import type { Random } from "../random.ts";
import { VirtualTime } from "./virtual-time.ts";

/** The maximum deviation of a function's clock. */
const SKEW_MILLISECONDS = 5_000;

/** The timeout of a function. */
const LAMBDA_MILLISECONDS = 30_000;

/** The maximum time until an aborted write takes effect. */
const DELAYED_MILLISECONDS_MAX = 5_000;

type Call = (...given: unknown[]) => Promise<unknown>;

/** The timing and the result of one call to the store. */
interface Course {
  /** The time until the call takes effect. Longer than the timeout for an aborted write. */
  readonly effect: number;
  /** The time from the effect to the answer. */
  readonly answer: number;
  readonly end: "answered" | "failed" | "dead";
}

/**
 * Functions on one store in memory, each with its own clock. Calls to the store take a random time, fail, take effect after
 * the function has aborted them, or are the last call of their function.
 */
export class SlowFunctions {
  readonly time = new VirtualTime(NOON);
  readonly chat: Chat;
  readonly #random: Random;
  /** Includes the extremes. */
  readonly #skews: readonly number[];

  constructor(random: Random) {
    this.#random = random;
    this.#skews = [-SKEW_MILLISECONDS, SKEW_MILLISECONDS, random.below(SKEW_MILLISECONDS), 0];
    this.chat = aChat({ now: this.time.now });
  }

  /** The outcome of a frame. Undefined if the function failed or timed out. */
  async run<Frame>(handle: FrameHandler<Frame, Chat>, user: string, frame: Frame): Promise<FrameOutcome | undefined> {
    const connected = await this.chat.stored({ id: user });
    const clock = this.#clock();
    const request = { connected, route: "", frame, receivedAt: clock(), deadline: clock() + LAMBDA_MILLISECONDS };
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
