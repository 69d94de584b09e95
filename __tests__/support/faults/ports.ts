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

/** The run that the ports belong to, and its fault. */
type FaultyPortsRun = FaultyRun & { readonly retrying: Retrying };

/**
 * The ports for one run of a function. They record each call, and one call has a fault. Every port that performs I/O is
 * wrapped: each object of functions, and the functions that call a service. Thousands of runs make ports and use few of
 * their calls, so a call is wrapped when it is used.
 */
export function faultyPorts(chat: Chat, run: FaultyPortsRun): Chat {
  const guarded: Record<string, unknown> = { ...chat };
  for (const [name, port] of Object.entries(chat)) {
    if (isStore(port)) guarded[name] = new Proxy(port, new FaultyStore(run, name));
    else if (name === "reviewer" && isReviewer(port))
      guarded[name] = { ...port, ask: guard(run, "reviewer.ask", port.ask as Call) };
    else if (REMOTE.includes(name)) guarded[name] = guard(run, name, port as Call);
  }
  return guarded as unknown as Chat;
}

class FaultyStore implements ProxyHandler<Record<string, Call>> {
  readonly #run: FaultyPortsRun;
  readonly #name: string;

  constructor(run: FaultyPortsRun, name: string) {
    this.#run = run;
    this.#name = name;
  }

  get(calls: Record<string, Call>, verb: string): Call | undefined {
    const call = calls[verb];
    return call && guard(this.#run, `${this.#name}.${verb}`, call);
  }
}

function guard(run: FaultyPortsRun, name: string, call: Call): Call {
  if (isPaged(name)) return (...given) => pages(run, { name, call: call as PagedCall, given });
  return (...given) => act(run, { name, call, given });
}

interface Made<Called> {
  readonly name: string;
  readonly call: Called;
  readonly given: unknown[];
}

type PagedCall = (...given: unknown[]) => AsyncIterable<unknown>;

function act(run: FaultyPortsRun, { name, call, given }: Made<Call>): Promise<unknown> {
  return attempt(run, {
    name,
    call: () => call(...given),
    failed: () => failed(name),
    lost: () => (BY_OUTCOME.includes(name) ? failed(name) : again(run, call, given)),
  });
}

/** Ports with outcomes do not use the SDK, which would repeat. They return a failure, and the chat retries. */
const failed = (name: string): unknown =>
  BY_OUTCOME.includes(name) ? { failed: "Broken" } : Promise.reject(new Broken(name));

async function again({ retrying }: FaultyPortsRun, call: Call, given: unknown[]): Promise<unknown> {
  retrying.isRetry = true;
  const repeated = call(...given);
  retrying.isRetry = false;
  return repeated;
}

async function* pages(faulty: FaultyPortsRun, { name, call, given }: Made<PagedCall>) {
  const wrong = wayOf(faulty, name);
  if (wrong === "fails") throw new Broken(name);
  for await (const page of call(...given)) {
    if (wrong === "invocation ends early") faulty.run.isDead = true;
    if (faulty.run.isDead) throw new Broken(name);
    yield page;
  }
}

const isReviewer = (port: unknown): port is Reviewer => typeof port === "object";

const isPaged = (name: string): boolean => name.endsWith(".pages");

const isStore = (port: unknown): port is Record<string, Call> =>
  typeof port === "object" && port !== null && !Array.isArray(port) && Object.values(port).every(isCall);

const isCall = (each: unknown): boolean => typeof each === "function";
