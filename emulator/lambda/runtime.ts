/*
 * Lambda's Node.js runtime, inside a worker thread: loads the handler, then takes one event at a time.
 */
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";

/** What the thread is started with. */
export interface RuntimeData {
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly memoryMegabytes: number;
}

/** What it is given: one event, and the time it must end at. */
export interface RuntimeEvent {
  readonly requestId: string;
  readonly payload: unknown;
  /** Both in epoch milliseconds. */
  readonly startedAt: number;
  readonly deadline: number;
}

/** An error as Lambda reports it to the caller. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type LogLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR";

export interface LogMessage {
  readonly kind: "log";
  readonly level: LogLevel;
  readonly message: unknown;
  /** Of the event under way; none while the handler is loaded. */
  readonly requestId?: string | undefined;
}

/** What it says. */
export type RuntimeMessage =
  | { readonly kind: "ready" }
  | LogMessage
  | { readonly kind: "done"; readonly payload: unknown }
  | { readonly kind: "failed"; readonly error: FunctionError };

type UserHandler = (event: unknown, context: object, callback: Callback) => unknown;
type Callback = (fault: unknown, result?: unknown) => void;

const { moduleUrl, exportName, functionName, memoryMegabytes } = workerData as RuntimeData;

let requestId: string | undefined;

const post = (message: RuntimeMessage): void => parentPort?.postMessage(message);

for (const [method, level] of Object.entries({
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const)) {
  console[method as "log"] = (...values: unknown[]) =>
    post({ kind: "log", level, message: messageOf(values), requestId });
}

/** One object stays an object, as with Lambda's JSON log format; anything else becomes text. */
function messageOf(values: readonly unknown[]): unknown {
  const [first] = values;
  const isPlain = values.length === 1 && typeof first === "object" && first !== null && !(first instanceof Error);
  return isPlain ? JSON.parse(JSON.stringify(first)) : format(...values);
}

const errorOf = (fault: unknown): FunctionError => {
  if (!(fault instanceof Error)) return { errorType: typeof fault, errorMessage: String(fault), trace: [] };
  return { errorType: fault.name, errorMessage: fault.message, trace: fault.stack?.split("\n") ?? [] };
};

const contextOf = ({ requestId: awsRequestId, deadline }: RuntimeEvent): object => ({
  awsRequestId,
  functionName,
  functionVersion: "$LATEST",
  memoryLimitInMB: String(memoryMegabytes),
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

/** Runs a handler of either style: one that returns a promise, or one that calls back. */
const run = (handler: UserHandler, event: RuntimeEvent): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const callback: Callback = (fault, result) => (fault ? reject(fault) : resolve(result));
    const returned = handler(event.payload, contextOf(event), callback);
    if (returned instanceof Promise) returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });

async function answer(handler: UserHandler, event: RuntimeEvent): Promise<void> {
  requestId = event.requestId;
  try {
    const payload = await run(handler, event);
    // Lambda answers in JSON: what does not survive it does not reach the caller.
    post({ kind: "done", payload: payload === undefined ? null : JSON.parse(JSON.stringify(payload)) });
  } catch (fault) {
    post({ kind: "failed", error: errorOf(fault) });
  }
}

async function load(): Promise<UserHandler> {
  const module = await import(moduleUrl);
  const handler: unknown = module[exportName];
  if (typeof handler !== "function") throw new TypeError(`${exportName} is not a function that ${moduleUrl} exports`);
  return handler as UserHandler;
}

load().then(
  (handler) => {
    parentPort?.on("message", (event: RuntimeEvent) => answer(handler, event));
    post({ kind: "ready" });
  },
  (fault) => post({ kind: "failed", error: errorOf(fault) }),
);
