import type { Reviewer } from "../../../chat/review.ts";
import type { NoResponse } from "../../../chatops/http.ts";
import type { Chat } from "../chat.ts";

/** The kinds of faults of a call. */
export type Way = "fails" | "answer lost" | "invocation ends early";

export const WAYS: readonly Way[] = ["fails", "answer lost", "invocation ends early"];

/** The call of a run that has a fault. */
export interface Fault {
  /** 0 is the first call of the run. */
  readonly at: number;
  readonly way: Way;
}

/** The calls of one run of a function in order, such as `connections.get`. */
export interface Run {
  readonly calls: string[];
  isDead: boolean;
}

/** Thrown by a call that fails, and by every call of a function that has died. */
export class Broken extends Error {
  constructor(call: string) {
    super(`the harness broke ${call}`);
    this.name = "Broken";
  }
}

/** One call of a run, and its results in case of a fault. */
export interface Attempt {
  readonly name: string;
  readonly call: () => unknown;
  /** The result of a call without an effect. */
  readonly failed: () => unknown;
  /** The result of a call that took effect, but whose answer was lost. */
  readonly lost: () => unknown;
}

/** The run of a function, and the call that has a fault. */
export interface FaultyRun {
  readonly run: Run;
  readonly fault?: Fault | undefined;
}

/** Records a call of a run. Returns its fault, if it has one. */
function wayOf({ run, fault }: FaultyRun, name: string): Way | undefined {
  if (run.isDead) throw new Broken(name);
  run.calls.push(name);
  return fault?.at === run.calls.length - 1 ? fault.way : undefined;
}

/** Makes a call of a run, which can have a fault. */
export async function attempt(faulty: FaultyRun, { name, call, failed, lost }: Attempt): Promise<unknown> {
  const wrong = wayOf(faulty, name);
  if (wrong === "fails") return failed();
  const answer = await call();
  if (wrong === "invocation ends early") {
    faulty.run.isDead = true;
    throw new Broken(name);
  }
  return wrong === "answer lost" ? lost() : answer;
}

/** A request whose port rejects, whether it took effect or not. */
export function rejectingCall(name: string): Attempt {
  const failed = () => Promise.reject(new Broken(name));
  return { name, call: () => undefined, failed, lost: failed };
}

/** A request over HTTP, whose port returns a failure as a value. */
export const httpCall = (name: string, call: () => unknown): Attempt => ({
  name,
  call,
  failed: (): NoResponse => ({ fault: "unreachable", name: "ECONNREFUSED" }),
  lost: (): NoResponse => ({ fault: "unreachable", name: "ECONNRESET" }),
});

/** `DELETE` of a connection, whose port returns a failure as a value. */
export function closeCall(): Attempt {
  const failed = () => ({ failed: "Broken" });
  return { name: "DeleteConnection", call: () => "gone", failed, lost: failed };
}

type Call = (...given: unknown[]) => unknown;

/** These ports return an outcome. Others reject. */
const BY_OUTCOME = ["push", "close", "probe"];

/** Calls that leave the function, outside of the store. */
const REMOTE = [...BY_OUTCOME, "handOver"];

/** Whether the current write is a repeat of the SDK, after a lost answer. */
export interface Retrying {
  isRetry: boolean;
}

/**
 * The ports for one run of a function. They record each call, and one call has a fault. Every port that performs I/O is
 * wrapped: each object of functions, and the functions that call a service.
 */
export function faultyPorts(chat: Chat, { fault, run, retrying }: FaultyRun & { readonly retrying: Retrying }): Chat {
  const guard = (name: string, call: Call): Call =>
    isPaged(name) ? (...given) => pages(name, call as never, given) : (...given) => act(name, call, given);

  /** Ports with outcomes do not use the SDK, which would repeat. They return a failure, and the chat retries. */
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
    const repeated = call(...given);
    retrying.isRetry = false;
    return repeated;
  }

  async function* pages(name: string, call: (...given: unknown[]) => AsyncIterable<unknown>, given: unknown[]) {
    const wrong = wayOf({ run, fault }, name);
    if (wrong === "fails") throw new Broken(name);
    for await (const page of call(...given)) {
      if (wrong === "invocation ends early") run.isDead = true;
      if (run.isDead) throw new Broken(name);
      yield page;
    }
  }

  const guarded = Object.entries(chat).map(([name, port]) => {
    if (isStore(port)) {
      const calls = Object.entries(port).map(([verb, call]) => [verb, guard(`${name}.${verb}`, call)]);
      return [name, Object.fromEntries(calls)];
    }
    if (name === "reviewer" && isReviewer(port))
      return [name, { ...port, ask: guard("reviewer.ask", port.ask as Call) }];
    return [name, REMOTE.includes(name) ? guard(name, port as Call) : port];
  });
  return Object.fromEntries(guarded) as Chat;
}

const isReviewer = (port: unknown): port is Reviewer => typeof port === "object";

const isPaged = (name: string): boolean => name.endsWith(".pages");

const isStore = (port: unknown): port is Record<string, Call> =>
  typeof port === "object" && port !== null && !Array.isArray(port) && Object.values(port).every(isCall);

const isCall = (each: unknown): boolean => typeof each === "function";
