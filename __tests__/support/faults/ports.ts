import type { Chat } from "../chat.ts";

/** How one call goes wrong. */
export type Way = "fails" | "answer lost" | "function dies";

export const WAYS: readonly Way[] = ["fails", "answer lost", "function dies"];

/** The call of a run that goes wrong. */
export interface Fault {
  /** 0 is the first call of the run. */
  readonly at: number;
  readonly way: Way;
}

/** What one run of a function called, in order, such as `connections.get`. */
export interface Run {
  readonly calls: string[];
  isDead: boolean;
}

/** Thrown by a call that fails, and by every call of a function that has died. */
export class Broken extends Error {
  constructor(call: string) {
    super(`${call} is broken by the harness`);
    this.name = "Broken";
  }
}

/** One call of a run, and what its caller gets if it goes wrong. */
export interface Attempt {
  readonly name: string;
  readonly call: () => unknown;
  /** The call had no effect. */
  readonly failed: () => unknown;
  /** The call took effect, and its answer is lost. */
  readonly lost: () => unknown;
}

/** The run of a function, and the call of it that goes wrong. */
export interface FaultyRun {
  readonly run: Run;
  readonly fault?: Fault | undefined;
}

/** Records a call of a run. Gives how it goes wrong, if it does. */
function wayOf({ run, fault }: FaultyRun, name: string): Way | undefined {
  if (run.isDead) throw new Broken(name);
  run.calls.push(name);
  return fault?.at === run.calls.length - 1 ? fault.way : undefined;
}

/** Makes a call of a run, which may be the one that goes wrong. */
export async function attempt(faulty: FaultyRun, { name, call, failed, lost }: Attempt): Promise<unknown> {
  const wrong = wayOf(faulty, name);
  if (wrong === "fails") return failed();
  const answer = await call();
  if (wrong === "function dies") {
    faulty.run.isDead = true;
    throw new Broken(name);
  }
  return wrong === "answer lost" ? lost() : answer;
}

type Call = (...given: unknown[]) => unknown;

/** These ports answer with an outcome where others reject. */
const BY_OUTCOME = ["push", "close", "probe"];

/** Calls that leave the function, outside of the store. */
const REMOTE = [...BY_OUTCOME, "handOver"];

/** Tells the store in memory whether the SDK repeats a write whose answer was lost. */
export interface Retrying {
  isRetry: boolean;
}

/**
 * The same ports for one run of a function: records each call, and has one of them go wrong. Every port that performs I/O
 * is wrapped: each object of functions, and the functions that call a service.
 */
export function faultyPorts(chat: Chat, { fault, run, retrying }: FaultyRun & { readonly retrying: Retrying }): Chat {
  const guard = (name: string, call: Call): Call =>
    isPaged(name) ? (...given) => pages(name, call as never, given) : (...given) => act(name, call, given);

  /** The ports that answer by an outcome have no SDK that repeats: they report a failure, and the chat sends again. */
  const failed = (name: string): unknown =>
    BY_OUTCOME.includes(name) ? { failed: "Broken" } : Promise.reject(new Broken(name));

  const act = (name: string, call: Call, given: unknown[]): Promise<unknown> =>
    attempt(
      { run, fault },
      {
        name,
        call: () => call(...given),
        failed: () => failed(name),
        lost: () => (BY_OUTCOME.includes(name) ? failed(name) : again(call, given)),
      },
    );

  async function again(call: Call, given: unknown[]): Promise<unknown> {
    retrying.isRetry = true;
    const answering = call(...given);
    retrying.isRetry = false;
    return answering;
  }

  async function* pages(name: string, call: (...given: unknown[]) => AsyncIterable<unknown>, given: unknown[]) {
    const wrong = wayOf({ run, fault }, name);
    if (wrong === "fails") throw new Broken(name);
    for await (const page of call(...given)) {
      if (wrong === "function dies") run.isDead = true;
      if (run.isDead) throw new Broken(name);
      yield page;
    }
  }

  const guarded = Object.entries(chat).map(([name, port]) => {
    if (isStore(port)) {
      const calls = Object.entries(port).map(([verb, call]) => [verb, guard(`${name}.${verb}`, call)]);
      return [name, Object.fromEntries(calls)];
    }
    return [name, REMOTE.includes(name) ? guard(name, port as Call) : port];
  });
  return Object.fromEntries(guarded) as Chat;
}

const isPaged = (name: string): boolean => name.endsWith(".pages");

const isStore = (port: unknown): port is Record<string, Call> =>
  typeof port === "object" && port !== null && !Array.isArray(port) && Object.values(port).every(isCall);

const isCall = (each: unknown): boolean => typeof each === "function";
