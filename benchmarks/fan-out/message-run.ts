import { quantile } from "../harness/measurement.ts";
import { monotonic } from "./clock.ts";
import type { Environment } from "./lambda-process.ts";
import type { Call, Took } from "./lambda-host.ts";
import type { Units } from "./capacity-meter.ts";
import type { Subject } from "./subjects.ts";
import type { Surroundings } from "./backing-services.ts";

/** What one message to an audience took. */
export interface Said extends Pick<Took, "cpuMilliseconds" | "heapBytes" | "residentBytes"> {
  /** Milliseconds from the beginning to so many deliveries. */
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
  readonly units: Units;
}

export interface Saying {
  readonly surroundings: Surroundings;
  readonly environment: Environment;
  readonly subject: Subject;
  readonly size: number;
  readonly watchesMemory?: boolean;
}

/**
 * Has one message said, by one environment: what a function leaves to others is done by the same one after the other,
 * and counts. Rejects when the environment dies, and when not everybody gets the message exactly once.
 */
export async function say({ surroundings, environment, subject, size, watchesMemory = false }: Saying): Promise<Said> {
  await surroundings.received("all");
  await surroundings.units();
  const begun = monotonic();
  const all: Took[] = [];
  for (const calls = [subject.say(size)]; calls.length > 0; ) {
    const took = await environment.call({ ...(calls.shift() as Call), watchesMemory });
    const { statusCode = 200 } = took.result ?? {};
    if (statusCode !== 200)
      throw new Error(`The function of the ${subject.name} came to ${JSON.stringify(took.result)}.`);
    all.push(took);
    const { events } = await surroundings.received("events");
    calls.push(...events.map(subject.resume));
  }
  const times = onceEach(Object.values((await surroundings.received("all")).pushes), size).map((at) => at - begun);
  return {
    cpuMilliseconds: all.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0),
    heapBytes: Math.max(...all.map(({ heapBytes }) => heapBytes)),
    residentBytes: Math.max(...all.map(({ residentBytes }) => residentBytes)),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    last: Math.max(...times),
    units: await surroundings.units(),
  };
}

/** When everybody heard it, of the times that each did. Throws where somebody did not, or more than once. */
export function onceEach(heard: readonly (readonly number[])[], size: number): number[] {
  const [reached, again] = [heard.filter(({ length }) => length > 0), heard.filter(({ length }) => length > 1)];
  if (reached.length === size && again.length === 0) return heard.flat();
  throw new Error(`Of ${size}, ${reached.length} got the message, ${again.length} of them more than once.`);
}
