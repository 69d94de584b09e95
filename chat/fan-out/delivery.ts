import { isExpired, mayBeOpening, type Recipient } from "../connection.ts";
import type { Close, Count, Failure, Now, Pause, Push, PushOutcome, Random } from "../ports.ts";
import type { Forms } from "../protocol/frames.ts";
import { forEachConcurrently } from "./concurrency.ts";

/** The pauses of all retries take about three seconds. After them, the caller hands the recipients over, or fails. */
const RETRIES_MAX = 5;

/** No retry starts later than this, so a push that times out is retried once. The first push may still arrive. */
const RETRIES_MILLISECONDS_MAX = 3_500;

const BACK_OFF_MILLISECONDS = 100;

export interface DeliveryPorts {
  readonly push: Push;
  readonly close: Close;
  readonly now: Now;
  readonly pause: Pause;
  readonly random: Random;
  readonly count: Count;
}

/** The result of a delivery. */
export interface Tally {
  delivered: number;
  gone: number;
  /** Pushes that API Gateway refused with 429. Most are delivered by a retry. */
  throttled: number;
  /** Pushes that were retries. */
  retried: number;
  /** Recipients that were handed over to the worker before any retry. */
  handedOver: number;
  /** Connections that were closed because their clients do not read. */
  closed: number;
  /** Recipients that no retry reached. */
  failed: number;
  /** The name of each fault, once. */
  faults: string[];
}

/** The recipients that some pushes did not reach. */
export interface Unreached {
  /** There is no such connection. A connection whose handshake may be pending is not listed. */
  readonly gone: Recipient[];
  /** A retry may reach them. */
  readonly undelivered: Recipient[];
  /** Those of `undelivered` whose push was throttled (429). */
  readonly throttled: Recipient[];
}

/** Of the connections throttled in one round of retries, closes those whose clients do not read. Returns the closed ones. */
export type CloseStalled = (throttled: readonly Recipient[]) => Promise<readonly Recipient[]>;

/** A frame in delivery. */
export interface Delivery {
  readonly tally: Tally;
  /** Whether throttling affects several connections, so that the account's quota is the likely cause. */
  readonly isThrottled: () => boolean;
  /** Pushes once to each recipient whose protocol has this type of frame. Starts no push after the deadline. */
  push(recipients: readonly Recipient[]): Promise<Unreached>;
  /** Pushes again, with jittered back-off, until the deadline at most. Counts closed connections as gone. */
  retry(undelivered: readonly Recipient[], closeStalled?: CloseStalled): Promise<Omit<Unreached, "throttled">>;
}

/** What to deliver, and until when, in epoch milliseconds. */
export interface Dispatch {
  readonly forms: Forms;
  readonly deadline: number;
}

const METRIC_OF = { delivered: "PushesDelivered", gone: "PushesGone", throttled: "PushesThrottled" } as const;

const emptyTally = (): Tally => ({
  ...{ delivered: 0, gone: 0, throttled: 0, retried: 0, handedOver: 0, closed: 0, failed: 0 },
  faults: [],
});

const closeNone: CloseStalled = async () => [];

/** Starts the delivery of a frame. */
export function startDelivery(ports: DeliveryPorts, { forms, deadline }: Dispatch): Delivery {
  const window = pushWindow();
  const tally = emptyTally();

  const pushOne = async (recipient: Recipient, text: string): Promise<PushOutcome> => {
    const startedAt = ports.now();
    if (startedAt >= deadline) return { failed: "DeadlineReached" };
    // A connection whose token has expired is closed and counts as gone.
    const { id } = recipient;
    const outcome = await (isExpired(recipient, startedAt) ? ports.close(id) : ports.push(id, text));
    window.adapt(outcome, { id, startedAt, now: ports.now() });
    return outcome;
  };

  const rest = async (): Promise<void> => {
    const pace = window.restMilliseconds();
    // Jitter, so that invocations that were throttled together do not push again together.
    const wait = pace && pace * (0.5 + ports.random());
    if (wait > 0 && ports.now() + wait < deadline) await ports.pause(wait);
  };

  const sort = (outcome: PushOutcome, recipient: Recipient, { gone, undelivered, throttled }: Unreached): void => {
    if (outcome === "throttled") throttled.push(recipient);
    if (typeof outcome === "object") recordFault(tally, outcome.failed);
    else {
      tally[outcome] += 1;
      ports.count(METRIC_OF[outcome]);
    }
    if (outcome !== "delivered") (outcome === "gone" ? gone : undelivered).push(recipient);
  };

  const push = async (recipients: readonly Recipient[]): Promise<Unreached> => {
    const unreached: Unreached = { gone: [], undelivered: [], throttled: [] };
    const pushTo = async (recipient: Recipient): Promise<void> => {
      const text = forms[recipient.protocol];
      if (text === undefined) return;
      // Judged by the time of the push: the connection may have opened since.
      const isOpening = mayBeOpening(recipient, ports.now());
      const outcome = await pushOne(recipient, text);
      sort(outcome, recipient, isOpening ? { ...unreached, gone: [] } : unreached);
      await rest();
    };
    await forEachConcurrently(recipients, pushTo, window.size);
    return unreached;
  };

  const retry: Delivery["retry"] = async (undelivered, closeStalled = closeNone) => {
    const gone: Recipient[] = [];
    let left = [...undelivered];
    const giveUpAt = Math.min(deadline, ports.now() + RETRIES_MILLISECONDS_MAX);
    for (let attempt = 0; left.length > 0 && attempt < RETRIES_MAX; attempt += 1) {
      const wait = backOffMilliseconds(attempt, ports.random());
      if (ports.now() + wait >= giveUpAt) break;
      await ports.pause(wait);
      tally.retried += left.length;
      const unreached = await push(left);
      const closed = new Set(await closeStalled(unreached.throttled));
      tally.closed += closed.size;
      gone.push(...unreached.gone, ...closed);
      left = unreached.undelivered.filter((recipient) => !closed.has(recipient));
    }
    tally.failed += left.length;
    if (left.length > 0) ports.count("PushesFailed", left.length);
    return { gone, undelivered: left };
  };

  return { tally, isThrottled: window.isThrottled, push, retry };
}

/** Delivers a frame to a single connection. */
export async function deliverToConnection(
  ports: DeliveryPorts,
  recipient: Recipient,
  dispatch: Dispatch,
): Promise<"delivered" | "gone" | Failure> {
  const delivery = startDelivery(ports, dispatch);
  const { undelivered } = await delivery.push([recipient]);
  await delivery.retry(undelivered);
  if (delivery.tally.delivered > 0) return "delivered";
  return delivery.tally.gone > 0 ? "gone" : { failed: faultsIn(delivery.tally) };
}

/** The faults that prevented the delivery, by name. */
export const faultsIn = ({ faults }: Pick<Tally, "faults">): string => faults.join(", ") || "Throttled";

/** Doubles with each attempt. Up to half of it is jitter, so that pushes that failed together are not retried together. */
export const backOffMilliseconds = (attempt: number, random: number): number =>
  BACK_OFF_MILLISECONDS * 2 ** attempt * (0.5 + random / 2);

/** Adds the name of a fault, unless it is there already. */
export function recordFault({ faults }: Pick<Tally, "faults">, fault: unknown): void {
  const name = fault instanceof Error ? fault.name : String(fault);
  if (!faults.includes(name)) faults.push(name);
}

/** An invocation can process about this many pushes at once: at ten milliseconds a push, more would wait for its CPU. */
const PUSHES_AT_START = 32;

/** As many as the pool in aws/http/signed-requests.ts has connections. */
const PUSHES_MAX = 128;

/** One push, and then a pause fifteen times as long: a thousand invocations then stay within the quota of an account. */
const PUSHES_MIN = 1 / 16;

/** About as long as a push takes. */
const PUSH_MILLISECONDS = 10;

/** The number of latest outcomes that decide whether throttling is widespread. */
const OUTCOMES_KEPT = 32;

/** API Gateway also returns 429 if the buffer of one client is full, so one or two connections say nothing of the quota. */
const THROTTLED_CONNECTIONS_MIN = 3;

/** A push that has ended. Both times are in epoch milliseconds. */
interface PushEnd {
  readonly id: string;
  readonly startedAt: number;
  readonly now: number;
}

/** How many pushes may be in progress at once. */
export interface PushWindow {
  /** At least one. */
  readonly size: () => number;
  /** The pause between two pushes, in milliseconds, if one at a time is still too many. */
  readonly restMilliseconds: () => number;
  /** Whether the latest pushes to several connections were throttled, so that the account's quota is the likely cause. */
  readonly isThrottled: () => boolean;
  /** Adjusts the window to the outcome of a push. */
  adapt(outcome: PushOutcome, push: PushEnd): void;
}

/**
 * Grows by one push with each window that is delivered, and halves when API Gateway throttles several connections. Its
 * quota is shared by all invocations in the account, and this is how they share it (AIMD, as in TCP). Hundreds of
 * invocations with one push each are still too many, so the window can go below one: the invocation then pauses between
 * pushes.
 */
export function pushWindow(): PushWindow {
  let size = PUSHES_AT_START;
  let halvedAt = Number.NEGATIVE_INFINITY;
  /** The connection of each throttled push, and nothing for any other push. */
  const latest: (string | undefined)[] = [];
  const isThrottled = (): boolean => new Set(latest.filter(Boolean)).size >= THROTTLED_CONNECTIONS_MIN;
  return {
    size: () => Math.max(1, Math.floor(size)),
    restMilliseconds: () => (size < 1 ? PUSH_MILLISECONDS * (1 / size - 1) : 0),
    isThrottled,
    adapt(outcome, { id, startedAt, now }) {
      latest.push(outcome === "throttled" ? id : undefined);
      if (latest.length > OUTCOMES_KEPT) latest.shift();
      if (outcome === "delivered") size = Math.min(size + Math.min(1 / size, size / 4), PUSHES_MAX);
      // Throttled pushes that started before the last halving do not halve the window again.
      if (outcome !== "throttled" || startedAt <= halvedAt || !isThrottled()) return;
      size = Math.max(size / 2, PUSHES_MIN);
      halvedAt = now;
    },
  };
}
