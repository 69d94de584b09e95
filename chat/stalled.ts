import type { CloseStalled, Recipient } from "./delivery.ts";
import type { Close, Count, Probe } from "./ports.ts";
import { sideBySide } from "./side-by-side.ts";

/** A connection is closed if it is throttled in this many rounds of retries in a row: over half a second. */
const ROUNDS = 3;

/** If the account is throttled, at least one of this many probes is most likely throttled too. */
const PROBES_MAX = 8;

const CLOSES_AT_ONCE = 16;

export interface StalledPorts {
  readonly probe: Probe;
  readonly close: Close;
  readonly count: Count;
}

/**
 * A push is a 429 for two reasons: the account's quota is exceeded, or the client does not read and its buffer is full.
 * GetConnection counts against the same quota, but sends nothing to the client, so it tells the reasons apart. A client
 * that does not read for several rounds is disconnected: it finds the messages in `history` when it comes back.
 * https://docs.aws.amazon.com/botocore/latest/reference/services/apigatewaymanagementapi/client/exceptions/LimitExceededException.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
export function closingStalled({ probe, close, count }: StalledPorts): CloseStalled {
  let rounds = new Map<string, number>();

  const isAccountThrottled = async (throttled: readonly Recipient[]): Promise<boolean> => {
    const probes = await Promise.all(throttled.slice(0, PROBES_MAX).map(({ id }) => probe(id)));
    return probes.some((answer) => typeof answer === "object");
  };

  return async (throttled) => {
    const before = rounds;
    rounds = new Map();
    if (await isAccountThrottled(throttled)) return [];
    for (const { id } of throttled) rounds.set(id, (before.get(id) ?? 0) + 1);
    const closed: Recipient[] = [];
    const closeOne = async (recipient: Recipient): Promise<void> => {
      if ((await close(recipient.id)) !== "gone") return;
      closed.push(recipient);
      count("StalledConnectionsClosed");
    };
    const stalled = throttled.filter(({ id }) => (rounds.get(id) ?? 0) >= ROUNDS);
    await sideBySide(stalled, closeOne, () => CLOSES_AT_ONCE);
    return closed;
  };
}
