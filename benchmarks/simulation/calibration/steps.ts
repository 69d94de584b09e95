import { openAccount } from "../account.ts";
import { ASSUMPTIONS, type Assumptions } from "../assumptions.ts";
import { SimulatedChat } from "../simulated-chat.ts";
import { quantile } from "../deliveries.ts";
import type { Latency } from "../random.ts";
import { fill } from "../scenarios/large-channel.ts";
import { median } from "../../../scripts/simulate/timing.ts";

/** What single steps take, in milliseconds. */
export interface Steps {
  /** From a client to a function and back. */
  readonly route: Latency;
  readonly push: Latency;
  /** Of many pushes side by side: what each keeps the busiest of all parts busy for. */
  readonly pushAtOnce: number;
  /** Reads and writes of one item, in turn. */
  readonly request: Latency;
  /** Of each member of a page, beside the request. */
  readonly member: number;
}

/** The medians of each step. */
export function mediansOf(all: readonly Steps[]): Steps {
  const mid = (of: (steps: Steps) => number): number => median(all.map(of));
  const latency = (name: "route" | "push" | "request"): Latency => ({
    median: mid((steps) => steps[name].median),
    p99: mid((steps) => steps[name].p99),
  });
  return {
    route: latency("route"),
    push: latency("push"),
    pushAtOnce: mid(({ pushAtOnce }) => pushAtOnce),
    request: latency("request"),
    member: mid(({ member }) => member),
  };
}

/** The first starts the function, and is left out. */
const MESSAGES = 40;
const MINUTE = 60_000;

/** When the last of a channel has a message where steps take so long: milliseconds, the median of many messages. */
export async function simulateLast(members: number, steps: Steps): Promise<number> {
  const account = openAccount({ seed: members, assumptions: assumptionsOf(steps) });
  const chat = new SimulatedChat(account);
  fill(chat, members);
  for (let message = 0; message < MESSAGES; message += 1) {
    account.clock.after(message * MINUTE, () => void chat.say());
  }
  await account.clock.run();
  return median(chat.deliveries.slice(1).map((said) => quantile(said.times(), 1)));
}

/** On one machine a push waits for a processor and for little else. */
const assumptionsOf = ({ route, push, pushAtOnce, request, member }: Steps): Assumptions => ({
  ...ASSUMPTIONS,
  latencies: { ...ASSUMPTIONS.latencies, route, push: less(push, pushAtOnce), table: request },
  cpu: { invocation: 0, push: pushAtOnce, request: 0, member, handOver: 0 },
  cores: () => 1,
});

/** A latency cannot be nothing: its logarithm is drawn. */
const LATENCY_MIN = 0.01;

const less = ({ median: half, p99 }: Latency, milliseconds: number): Latency => ({
  median: Math.max(LATENCY_MIN, half - milliseconds),
  p99: Math.max(2 * LATENCY_MIN, p99 - milliseconds),
});
