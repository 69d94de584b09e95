import { forEachConcurrently } from "../fan-out/concurrency.ts";
import { backOffMilliseconds, type DeliveryPorts } from "../fan-out/delivery.ts";

const ATTEMPTS_MAX = 4;

const CLOSES_AT_ONCE = 16;

type Ports = Pick<DeliveryPorts, "close" | "pause" | "random">;

/** Hangs up on connections. Throws where one of them is still open after some attempts. */
export const hangUp = (ports: Ports, connectionIds: readonly string[]): Promise<void> =>
  forEachConcurrently(
    connectionIds,
    (id) => hangUpOne(ports, id),
    () => CLOSES_AT_ONCE,
  );

async function hangUpOne({ close, pause, random }: Ports, id: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await close(id);
    if (outcome === "gone") return;
    if (attempt === ATTEMPTS_MAX - 1) throw new Error(`A connection could not be closed: ${JSON.stringify(outcome)}`);
    await pause(backOffMilliseconds(attempt, random()));
  }
}
