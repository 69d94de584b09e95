import { isExpired, type Member, mayBeOpening } from "./connection.ts";
import type { Forms } from "./frames.ts";
import type { Close, Count, Failure, Now, Pause, Push, PushOutcome, Random } from "./ports.ts";
import { pushWindow } from "./push-window.ts";
import { sideBySide } from "./side-by-side.ts";

/** Beyond this, whoever delivers has better ways to wait: their pauses come to about three seconds in all. */
const RETRIES_MAX = 5;

/** A push that hangs is made again once: it may be delivered yet, and whoever sent the frame waits for the end of this. */
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

/** What a push to a member needs to know. */
export type Recipient = Pick<Member, "id" | "connectedAt" | "protocol" | "expiresAt">;

/** What a delivery came to. */
export interface Tally {
  delivered: number;
  gone: number;
  /** Pushes refused because there were too many at once, and mostly made again. */
  throttled: number;
  /** Pushes made again. */
  retried: number;
  /** Who was not reached. */
  failed: number;
  /** Names of what went wrong, each once. */
  faults: string[];
}

/** Who was not reached by some pushes. */
export interface Unreached {
  /** There is no such connection. A connection whose handshake may be pending is not listed. */
  readonly gone: Recipient[];
  /** Worth another attempt. */
  readonly undelivered: Recipient[];
}

/** A frame on its way. */
export interface Delivery {
  readonly tally: Tally;
  /** One push to each, in the form of their protocol; none to who has no form for the frame, or after the deadline. */
  push(recipients: readonly Recipient[]): Promise<Unreached>;
  /** Pushes again, with jittered back-off, while there is time. */
  retry(undelivered: readonly Recipient[]): Promise<Unreached>;
}

/** What is to be delivered, and until when, in epoch milliseconds. */
export interface Errand {
  readonly forms: Forms;
  readonly deadline: number;
}

const METRIC_OF = { delivered: "PushesDelivered", gone: "PushesGone", throttled: "PushesThrottled" } as const;

/** Begins to deliver a frame. */
export function deliver(ports: DeliveryPorts, { forms, deadline }: Errand): Delivery {
  const window = pushWindow();
  const tally: Tally = { delivered: 0, gone: 0, throttled: 0, retried: 0, failed: 0, faults: [] };

  const pushOne = async (recipient: Recipient, text: string): Promise<PushOutcome> => {
    const startedAt = ports.now();
    if (startedAt >= deadline) return { failed: "DeadlineReached" };
    // Whose token has ended hears nothing any more, and counts as gone.
    const { id } = recipient;
    const outcome = await (isExpired(recipient, startedAt) ? ports.close(id) : ports.push(id, text));
    window.adapt(outcome, { startedAt, now: ports.now() });
    return outcome;
  };

  const rest = async (): Promise<void> => {
    const pace = window.restMilliseconds();
    // Not all as long: those who were throttled together do not come back together.
    const wait = pace && pace * (0.5 + ports.random());
    if (wait > 0 && ports.now() + wait < deadline) await ports.pause(wait);
  };

  const sort = (outcome: PushOutcome, recipient: Recipient, { gone, undelivered }: Unreached): void => {
    if (typeof outcome === "object") note(tally, outcome.failed);
    else {
      tally[outcome] += 1;
      ports.count(METRIC_OF[outcome]);
    }
    if (outcome !== "delivered") (outcome === "gone" ? gone : undelivered).push(recipient);
  };

  const push = async (recipients: readonly Recipient[]): Promise<Unreached> => {
    const unreached: Unreached = { gone: [], undelivered: [] };
    const pushTo = async (recipient: Recipient): Promise<void> => {
      const text = forms[recipient.protocol];
      if (text === undefined) return;
      // Judged by the time of the push: the connection may have opened since.
      const isOpening = mayBeOpening(recipient, ports.now());
      const outcome = await pushOne(recipient, text);
      sort(outcome, recipient, isOpening ? { ...unreached, gone: [] } : unreached);
      await rest();
    };
    await sideBySide(recipients, pushTo, window.size);
    return unreached;
  };

  return {
    tally,
    push,
    async retry(undelivered) {
      const gone: Recipient[] = [];
      let rest = [...undelivered];
      const giveUpAt = Math.min(deadline, ports.now() + RETRIES_MILLISECONDS_MAX);
      for (let attempt = 0; rest.length > 0 && attempt < RETRIES_MAX; attempt += 1) {
        const wait = backOffMilliseconds(attempt, ports.random());
        if (ports.now() + wait >= giveUpAt) break;
        await ports.pause(wait);
        tally.retried += rest.length;
        const unreached = await push(rest);
        gone.push(...unreached.gone);
        rest = unreached.undelivered;
      }
      tally.failed += rest.length;
      if (rest.length > 0) ports.count("PushesFailed", rest.length);
      return { gone, undelivered: rest };
    },
  };
}

/** Delivers a frame to one connection alone. */
export async function deliverToOne(
  ports: DeliveryPorts,
  recipient: Recipient,
  errand: Errand,
): Promise<"delivered" | "gone" | Failure> {
  const delivery = deliver(ports, errand);
  const { undelivered } = await delivery.push([recipient]);
  await delivery.retry(undelivered);
  if (delivery.tally.delivered > 0) return "delivered";
  return delivery.tally.gone > 0 ? "gone" : { failed: faultsIn(delivery.tally) };
}

/** What kept frames from being delivered, by name. */
export const faultsIn = ({ faults }: Pick<Tally, "faults">): string => faults.join(", ") || "Throttled";

/** Doubles with each attempt, and differs by up to a half, so that those who failed together do not come back together. */
export const backOffMilliseconds = (attempt: number, random: number): number =>
  BACK_OFF_MILLISECONDS * 2 ** attempt * (0.5 + random / 2);

/** Remembers what went wrong, once. */
export function note({ faults }: Pick<Tally, "faults">, fault: unknown): void {
  const name = fault instanceof Error ? fault.name : String(fault);
  if (!faults.includes(name)) faults.push(name);
}
