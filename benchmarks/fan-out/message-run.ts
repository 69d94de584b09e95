import { monotonic, quantile } from "../harness/measurement.ts";
import type { BackingServices } from "./backing-services.ts";
import type { Span, Units } from "./capacity-meter.ts";
import type { Invocation, InvocationResult } from "./lambda-host.ts";
import type { LambdaProcess } from "./lambda-process.ts";
import type { Subject } from "./subjects.ts";

/** The measurements of one message to an audience. */
export interface MessageRun extends Pick<InvocationResult, "cpuMilliseconds" | "heapBytes" | "residentBytes"> {
  /** Milliseconds from the invocation to the first push, until this share of the audience has the message, and to the last push. */
  readonly first: number;
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
  readonly units: Units;
  /** Requests to the table that started before the first push. */
  readonly requestsBefore: number;
  /** Those that could not be in flight together, because one started after another one had ended. */
  readonly requestsInARow: number;
}

export interface MessageRunOptions {
  readonly services: BackingServices;
  readonly lambdaProcess: LambdaProcess;
  readonly subject: Subject;
  readonly size: number;
  readonly measuresMemory?: boolean;
}

/**
 * Sends one message. The same process runs the function and then, one after the other, the functions to which it hands
 * over. All of them count. Rejects if the process dies, or unless each member receives the message exactly once.
 */
export async function runMessage(options: MessageRunOptions): Promise<MessageRun> {
  const { services, lambdaProcess, subject, size, measuresMemory = false } = options;
  await services.received("all");
  await services.tableUse();
  const startedAt = monotonic();
  const results: InvocationResult[] = [];
  for (const invocations = [subject.sendMessage(size)]; invocations.length > 0; ) {
    const result = await lambdaProcess.invoke({ ...(invocations.shift() as Invocation), measuresMemory });
    const { statusCode = 200 } = result.result ?? {};
    if (statusCode !== 200)
      throw new Error(`The function of the ${subject.name} returned ${JSON.stringify(result.result)}.`);
    results.push(result);
    const { events } = await services.received("events");
    invocations.push(...events.map(subject.resume));
  }
  const { pushes } = await services.received("all");
  const { units, requests } = await services.tableUse();
  const times = onceEach(Object.values(pushes), size).map((at) => at - startedAt);
  const first = Math.min(...times);
  const before = requests.filter(({ from }) => from < startedAt + first);
  return {
    cpuMilliseconds: results.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0),
    heapBytes: Math.max(...results.map(({ heapBytes }) => heapBytes)),
    residentBytes: Math.max(...results.map(({ residentBytes }) => residentBytes)),
    first,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    last: Math.max(...times),
    units,
    requestsBefore: before.length,
    requestsInARow: longestRow(before),
  };
}

/** Returns the time of each delivery. Throws unless each member of the audience received the message exactly once. */
export function onceEach(deliveries: readonly (readonly number[])[], size: number): number[] {
  const received = deliveries.filter(({ length }) => length > 0);
  const repeated = deliveries.filter(({ length }) => length > 1);
  if (received.length === size && repeated.length === 0) return deliveries.flat();
  throw new Error(
    `Of ${size} members, ${received.length} received the message, ${repeated.length} of them repeatedly.`,
  );
}

/** The highest number of requests of which each starts after the one before has ended. */
export function longestRow(requests: readonly Span[]): number {
  let [count, end] = [0, Number.NEGATIVE_INFINITY];
  for (const { from, to } of [...requests].sort((one, other) => one.to - other.to)) {
    if (from < end) continue;
    count += 1;
    end = to;
  }
  return count;
}
