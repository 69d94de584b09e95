import type { Recipient } from "../connection.ts";
import type { Close, Count, Probe } from "../ports.ts";
import type { CloseStalled } from "./delivery.ts";
import { sideBySide } from "./side-by-side.ts";

/** A connection is closed if it is throttled in this many rounds of retries in a row: over half a second. */
const ROUNDS = 3;

/** Probes in each round. With fewer, a throttled account would too often let all of them pass by chance. */
const PROBES = 8;

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
export function closingStalled(ports: StalledPorts): CloseStalled {
  const rounds = new Map<string, number>();
  return async (throttled) => {
    const ids = new Set(throttled.map(({ id }) => id));
    // One that was throttled and then is not has met the quota, or reads slowly: the others may do the same.
    const hasRecovered = [...rounds.keys()].some((id) => !ids.has(id));
    if (hasRecovered || (await isAccountThrottled(ports, throttled))) {
      rounds.clear();
      return [];
    }
    for (const id of ids) rounds.set(id, (rounds.get(id) ?? 0) + 1);
    const closed = await closeAll(
      ports,
      throttled.filter(({ id }) => (rounds.get(id) ?? 0) >= ROUNDS),
    );
    for (const { id } of closed) rounds.delete(id);
    return closed;
  };
}

/** Probes one connection after the other, and stops at the first refusal: a throttled account has no room for more. */
async function isAccountThrottled({ probe }: StalledPorts, throttled: readonly Recipient[]): Promise<boolean> {
  for (let probes = 0; probes < PROBES && throttled.length > 0; probes += 1) {
    const { id } = throttled[probes % throttled.length] as Recipient;
    if (typeof (await probe(id)) === "object") return true;
  }
  return false;
}

async function closeAll({ close, count }: StalledPorts, stalled: readonly Recipient[]): Promise<Recipient[]> {
  const closed: Recipient[] = [];
  const closeOne = async (recipient: Recipient): Promise<void> => {
    if ((await close(recipient.id)) !== "gone") return;
    closed.push(recipient);
    count("StalledConnectionsClosed");
  };
  await sideBySide(stalled, closeOne, () => CLOSES_AT_ONCE);
  return closed;
}
