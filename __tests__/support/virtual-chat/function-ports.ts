import type { VirtualClock } from "../../../benchmarks/simulation/clock.ts";
import type { Chat } from "../chat.ts";
import { Broken, type Fault } from "../faults/ports.ts";

type Call = (...given: unknown[]) => unknown;

export interface Invocation {
  /** False once the chat was restarted: no further call has an effect. */
  readonly isRunning: () => boolean;
  /** The call that goes wrong, if one does. */
  readonly fault: Fault | undefined;
  /** Draws the duration of one call, in milliseconds. */
  readonly latency: () => number;
  readonly clock: VirtualClock;
  calls: number;
  isDead: boolean;
}

/** These ports return failures as values. Others reject. */
const BY_OUTCOME = ["push", "close", "probe"];

const REMOTE = [...BY_OUTCOME, "handOver"];

/**
 * The ports of one invocation. Every call takes virtual time, so that invocations run concurrently, and one call can fail,
 * lose its answer, or be the last one before the invocation ends early. Unlike in the SDK, calls are not retried here.
 */
export function functionPorts(chat: Chat, invocation: Invocation): Chat {
  const guard =
    (name: string, call: Call): Call =>
    (...given) =>
      name.endsWith(".pages") ? pagesOf(name, call, { given, invocation }) : perform(name, call, { given, invocation });
  const guarded = Object.entries(chat).map(([name, port]) => {
    if (isStore(port)) {
      const calls = Object.entries(port).map(([verb, call]) => [verb, guard(`${name}.${verb}`, call)]);
      return [name, Object.fromEntries(calls)];
    }
    return [name, REMOTE.includes(name) ? guard(name, port as Call) : port];
  });
  return Object.fromEntries(guarded) as Chat;
}

interface Performing {
  readonly given: unknown[];
  readonly invocation: Invocation;
}

async function perform(name: string, call: Call, { given, invocation }: Performing): Promise<unknown> {
  const way = await begin(name, invocation);
  if (way === "fails") return failed(name);
  const answer = await call(...given);
  if (way === "invocation ends early") return die(name, invocation);
  return way === "answer lost" ? failed(name) : answer;
}

async function* pagesOf(name: string, call: Call, { given, invocation }: Performing): AsyncGenerator {
  const way = await begin(name, invocation);
  if (way === "fails") throw new Broken(name);
  for await (const page of call(...given) as AsyncIterable<unknown>) {
    if (way !== undefined) die(name, invocation);
    yield page;
  }
}

async function begin(name: string, invocation: Invocation): Promise<Fault["way"] | undefined> {
  const { clock, fault } = invocation;
  if (!invocation.isDead) await clock.pause(invocation.latency());
  if (invocation.isDead || !invocation.isRunning()) return die(name, invocation);
  invocation.calls += 1;
  return fault?.at === invocation.calls - 1 ? fault.way : undefined;
}

function die(name: string, invocation: Invocation): never {
  invocation.isDead = true;
  throw new Broken(name);
}

function failed(name: string): unknown {
  if (BY_OUTCOME.includes(name)) return { failed: "Broken" };
  throw new Broken(name);
}

const isStore = (port: unknown): port is Record<string, Call> =>
  typeof port === "object" &&
  port !== null &&
  !Array.isArray(port) &&
  Object.values(port).every((each) => typeof each === "function");
