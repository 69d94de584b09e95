import { setTimeout as sleep } from "node:timers/promises";
import type { FunctionConfig } from "../terraform/functions.ts";
import type { Invocation } from "./execution-environment.ts";

/** Sends a message to the function or queue with an ARN. */
export type Deliver = (arn: string, body: unknown, attributes?: Readonly<Record<string, string>>) => void;

export interface AsynchronousOptions {
  readonly invoke: (payload: unknown, requestId: string) => Promise<Invocation>;
  readonly deliver: Deliver;
  /** Receives an explanation of each event that is discarded. */
  readonly warn: (message: string, requestId: string) => void;
  /** Epoch milliseconds; default: the system clock. */
  readonly now?: (() => number) | undefined;
  /** Resolves after a time in milliseconds; rejects if the signal is aborted first. */
  readonly wait?: ((milliseconds: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

/** AWS waits one minute, then two. The emulator waits seconds instead, so that retries can be tested. */
const RETRY_MILLISECONDS = [1_000, 2_000];

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const THROTTLE_MILLISECONDS_MIN = 1_000;
const THROTTLE_MILLISECONDS_MAX = 300_000;

interface PendingEvent {
  readonly requestId: string;
  readonly payload: unknown;
  readonly acceptedAt: number;
  invokes: number;
  throttles: number;
}

type NextStep = { readonly condition: Condition } | { readonly waitMilliseconds: number };

/** The queue of a function's asynchronous events. Retries failed events, then notifies the destinations. */
export class AsynchronousEvents {
  /** The current configuration, which also applies to events that were accepted before. */
  config: FunctionConfig;
  readonly #options: AsynchronousOptions;
  readonly #now: () => number;
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(config: FunctionConfig, options: AsynchronousOptions) {
    this.config = config;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Queues an event without waiting for it. */
  accept(payload: unknown, requestId: string): void {
    if (this.#stopping.signal.aborted) return;
    const running = this.#process({ requestId, payload, acceptedAt: this.#now(), invokes: 0, throttles: 0 });
    this.#running.add(running);
    const settled = () => this.#running.delete(running);
    running.then(settled, (fault) => {
      settled();
      this.#options.warn(`The asynchronous event ${requestId} failed and is not retried: ${fault.message}`, requestId);
    });
  }

  /** Discards events that wait for a retry. Running attempts end when their function stops. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#running);
  }

  async #process(event: PendingEvent): Promise<void> {
    const { signal } = this.#stopping;
    const wait = this.#options.wait ?? ((milliseconds) => sleep(milliseconds, undefined, { signal }));
    while (!signal.aborted) {
      const lastInvocation = await this.#options.invoke(event.payload, event.requestId);
      if (signal.aborted) return;
      const next = this.#next(event, lastInvocation);
      if ("condition" in next) return this.#finish({ ...event, ...next, lastInvocation, now: this.#now() });
      await wait(next.waitMilliseconds, signal).catch(() => undefined);
    }
  }

  #next(event: PendingEvent, invocation: Invocation): NextStep {
    const { asynchronous, reservedConcurrency } = this.config;
    if ("throttled" in invocation && reservedConcurrency === 0) return { condition: "ZeroReservedConcurrency" };
    if (!("throttled" in invocation)) event.invokes += 1;
    if ("payload" in invocation) return { condition: "Success" };
    if ("error" in invocation && event.invokes > asynchronous.retriesMax) return { condition: "RetriesExhausted" };
    const waitMilliseconds = waitAfter(event, invocation);
    const age = this.#now() + waitMilliseconds - event.acceptedAt;
    return age > asynchronous.ageSecondsMax * 1000 ? { condition: "EventAgeExceeded" } : { waitMilliseconds };
  }

  #finish(finished: FinishedEvent): void {
    const { onSuccess, onFailure, deadLetterTarget } = this.config.asynchronous;
    const { requestId, condition, payload } = finished;
    const isSuccess = condition === "Success";
    if (!isSuccess)
      this.#options.warn(`The asynchronous event ${requestId} failed and is not retried: ${condition}.`, requestId);
    const destination = isSuccess ? onSuccess : onFailure;
    if (destination !== undefined) this.#options.deliver(destination, recordOf(this.config, finished));
    if (isSuccess || deadLetterTarget === undefined) return;
    this.#options.deliver(deadLetterTarget, payload, deadLetterAttributes(finished));
  }
}

/** Counts a throttled attempt. */
function waitAfter(event: PendingEvent, invocation: Invocation): number {
  if ("error" in invocation) return RETRY_MILLISECONDS[event.invokes - 1] ?? 0;
  event.throttles += 1;
  return Math.min(THROTTLE_MILLISECONDS_MIN * 2 ** (event.throttles - 1), THROTTLE_MILLISECONDS_MAX);
}

/** The values that Lambda documents for `condition`. */
type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** An asynchronous event after its last attempt. */
interface FinishedEvent {
  readonly requestId: string;
  readonly payload: unknown;
  readonly condition: Condition;
  /** The number of attempts in which the function ran. */
  readonly invokes: number;
  readonly lastInvocation: Invocation;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The invocation record for a destination. It has no response if the last attempt was throttled.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const recordOf = (
  { arn }: FunctionConfig,
  { requestId, payload, condition, invokes, lastInvocation, now }: FinishedEvent,
): object => ({
  version: "1.0",
  timestamp: new Date(now).toISOString(),
  requestContext: { requestId, functionArn: `${arn}:$LATEST`, condition, approximateInvokeCount: invokes },
  requestPayload: payload,
  ...("throttled" in lastInvocation ? {} : responseOf(lastInvocation)),
});

const responseOf = (invocation: Exclude<Invocation, { throttled: true }>): object => {
  const responseContext = { statusCode: 200, executedVersion: "$LATEST" };
  if ("payload" in invocation) return { responseContext, responsePayload: invocation.payload };
  return { responseContext: { ...responseContext, functionError: "Unhandled" }, responsePayload: invocation.error };
};

const ERROR_MESSAGE_LENGTH_MAX = 1024;

/** The attributes of a message in a dead-letter queue, whose body is the event. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq */
const deadLetterAttributes = ({ requestId, lastInvocation }: FinishedEvent): Record<string, string> => ({
  RequestID: requestId,
  ErrorCode: "throttled" in lastInvocation ? "429" : "200",
  ErrorMessage: ("error" in lastInvocation ? lastInvocation.error.errorMessage : "Rate Exceeded.").slice(
    0,
    ERROR_MESSAGE_LENGTH_MAX,
  ),
});
