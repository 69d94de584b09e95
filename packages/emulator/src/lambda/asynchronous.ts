import { setTimeout as sleep } from "node:timers/promises";
import type { FunctionConfig } from "../terraform/functions.ts";
import type { Invocation } from "./execution-environment.ts";
import { type Condition, deadLetterAttributes, type Ended, recordOf } from "./invocation-record.ts";

/** Sends a message to the function or queue with an ARN. */
export type Deliver = (arn: string, body: unknown, attributes?: Readonly<Record<string, string>>) => void;

export interface AsynchronousOptions {
  readonly invoke: (payload: unknown, requestId: string) => Promise<Invocation>;
  readonly deliver: Deliver;
  /** Receives an explanation of each event that is discarded. */
  readonly warn: (message: string, requestId: string) => void;
  readonly now?: (() => number) | undefined;
  /** Resolves after a time in milliseconds; rejects if the signal is aborted first. */
  readonly wait?: ((milliseconds: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

/** AWS waits one minute, then two. That is too long for a local test, so the emulator waits a second for each minute. */
const RETRY_MILLISECONDS = [1_000, 2_000];

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const THROTTLE_MILLISECONDS_MIN = 1_000;
const THROTTLE_MILLISECONDS_MAX = 300_000;

interface Event {
  readonly requestId: string;
  readonly payload: unknown;
  readonly acceptedAt: number;
  invokes: number;
  throttles: number;
}

type Next = { readonly condition: Condition } | { readonly waitMilliseconds: number };

/** The queue of a function's asynchronous events. Retries failed events, then notifies the destinations. */
export class AsynchronousEvents {
  readonly #config: FunctionConfig;
  readonly #options: AsynchronousOptions;
  readonly #now: () => number;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(config: FunctionConfig, options: AsynchronousOptions) {
    this.#config = config;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Queues an event without waiting for it. */
  accept(payload: unknown, requestId: string): void {
    if (this.#stopping.signal.aborted) return;
    const playing = this.#play({ requestId, payload, acceptedAt: this.#now(), invokes: 0, throttles: 0 });
    this.#underWay.add(playing);
    void playing.finally(() => this.#underWay.delete(playing));
  }

  /** Discards events that wait for a retry. Running attempts end with their function. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#underWay);
  }

  async #play(event: Event): Promise<void> {
    const { signal } = this.#stopping;
    const wait = this.#options.wait ?? ((milliseconds) => sleep(milliseconds, undefined, { signal }));
    while (!signal.aborted) {
      const last = await this.#options.invoke(event.payload, event.requestId);
      if (signal.aborted) return;
      const next = this.#next(event, last);
      if ("condition" in next) return this.#end({ ...event, ...next, last, now: this.#now() });
      await wait(next.waitMilliseconds, signal).catch(() => undefined);
    }
  }

  #next(event: Event, last: Invocation): Next {
    const { asynchronous, reservedConcurrency } = this.#config;
    if ("throttled" in last && reservedConcurrency === 0) return { condition: "ZeroReservedConcurrency" };
    if (!("throttled" in last)) event.invokes += 1;
    if ("payload" in last) return { condition: "Success" };
    if ("error" in last && event.invokes > asynchronous.retriesMax) return { condition: "RetriesExhausted" };
    const waitMilliseconds = waitAfter(event, last);
    const age = this.#now() + waitMilliseconds - event.acceptedAt;
    return age > asynchronous.ageSecondsMax * 1000 ? { condition: "EventAgeExceeded" } : { waitMilliseconds };
  }

  #end(ended: Ended): void {
    const { onSuccess, onFailure, deadLetterTarget } = this.#config.asynchronous;
    const { requestId, condition, payload } = ended;
    const isSuccess = condition === "Success";
    if (!isSuccess) this.#options.warn(`The asynchronous event ${requestId} is given up: ${condition}.`, requestId);
    const destination = isSuccess ? onSuccess : onFailure;
    if (destination !== undefined) this.#options.deliver(destination, recordOf(this.#config, ended));
    if (isSuccess || deadLetterTarget === undefined) return;
    this.#options.deliver(deadLetterTarget, payload, deadLetterAttributes(ended));
  }
}

function waitAfter(event: Event, last: Invocation): number {
  if ("error" in last) return RETRY_MILLISECONDS[event.invokes - 1] ?? 0;
  event.throttles += 1;
  return Math.min(THROTTLE_MILLISECONDS_MIN * 2 ** (event.throttles - 1), THROTTLE_MILLISECONDS_MAX);
}
