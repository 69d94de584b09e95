import { median, quantile } from "../../harness/measurement.ts";
import { openAccount } from "../account.ts";
import { ASSUMPTIONS, type Assumptions } from "../assumptions.ts";
import { quantileOf } from "../deliveries.ts";
import type { Latency } from "../random.ts";
import { fill } from "../scenarios/large-channel.ts";
import { SimulatedChat } from "../simulated-chat.ts";

/** How long single steps take, in milliseconds. */
export interface Steps {
  /** From a client to a function and back. */
  readonly route: Latency;
  readonly push: Latency;
  /** The average of many concurrent pushes: the time that each occupies the bottleneck. */
  readonly pushAtOnce: number;
  /** A read or write of one item, one after the other. */
  readonly request: Latency;
  /** For each member of a page, in addition to the request. */
  readonly member: number;
}

export const latencyOf = (values: readonly number[]): Latency => ({
  median: median(values),
  p99: quantile(values, 0.99),
});

/** The median of each step. */
export function mediansOf(all: readonly Steps[]): Steps {
  const of = (value: (steps: Steps) => number): number => median(all.map(value));
  const latency = (name: "route" | "push" | "request"): Latency => ({
    median: of((steps) => steps[name].median),
    p99: of((steps) => steps[name].p99),
  });
  return {
    route: latency("route"),
    push: latency("push"),
    pushAtOnce: of(({ pushAtOnce }) => pushAtOnce),
    request: latency("request"),
    member: of(({ member }) => member),
  };
}

/** Includes the first message, which is not counted because the function starts with it. */
const MESSAGES = 40;
const MINUTE = 60_000;

/** Simulates messages with these steps. Returns the median time until the last member has a message, in milliseconds. */
export async function simulateLastDelivery(members: number, steps: Steps): Promise<number> {
  const account = openAccount({ seed: members, assumptions: assumptionsOf(steps) });
  const chat = new SimulatedChat(account);
  fill(chat, members);
  for (let message = 0; message < MESSAGES; message += 1) {
    account.clock.after(message * MINUTE, () => void chat.sendMessage());
  }
  await account.clock.run();
  return median(chat.deliveries.slice(1).map((delivery) => quantileOf(delivery.times(), 1)));
}

/** On one machine, most of the duration of a push is CPU time. */
const assumptionsOf = ({ route, push, pushAtOnce, request, member }: Steps): Assumptions => ({
  ...ASSUMPTIONS,
  latencies: { ...ASSUMPTIONS.latencies, route, push: subtract(push, pushAtOnce), table: request },
  cpu: { invocation: 0, push: pushAtOnce, request: 0, member, handOver: 0 },
  cores: () => 1,
});

/** Above zero, because latencies are drawn from a log-normal distribution. */
const LATENCY_MIN = 0.01;

const subtract = (latency: Latency, milliseconds: number): Latency => ({
  median: Math.max(LATENCY_MIN, latency.median - milliseconds),
  p99: Math.max(2 * LATENCY_MIN, latency.p99 - milliseconds),
});
