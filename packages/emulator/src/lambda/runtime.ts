/*
 * Lambda's Node.js runtime in a worker thread: loads the handler, then runs one event at a time.
 * The thread evaluates it as one bundled text, so it imports no packages, only modules of Node.js.
 */

import { format } from "node:util";
import { getHeapStatistics } from "node:v8";
import { workerData } from "node:worker_threads";
import { EmulatedTime } from "../emulated-time.ts";
import { newSpanId, newTraceId } from "../ids.ts";
import { emulateDate } from "./emulated-date.ts";
import { EventClaims } from "./event-claims.ts";
import { describeFault, RuntimeError } from "./function-error.ts";
import { callHandler } from "./handler-call.ts";
import { loadHandler, type UserHandler } from "./handler-module.ts";
import { parseNodeOptions, preload } from "./node-options.ts";
import { restrictConnections } from "./outbound-connections.ts";
import type {
  HandlerResult,
  LogMessage,
  NumberedEvent,
  RuntimeChannel,
  RuntimeData,
  RuntimeMessage,
} from "./runtime-messages.ts";
import { setWorkingDirectory } from "./working-directory.ts";

const LEVELS = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

/** Sends the output of the handler's console to Lambda's log. */
export function redirectConsole(log: (line: Pick<LogMessage, "level" | "message">) => void): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method as "log"] = (...values: unknown[]) => log({ level, message: messageOf(values) });
  }
}

/**
 * A single object stays an object, as in Lambda's JSON log format, unless it cannot be converted to JSON. Other values
 * become text.
 */
function messageOf(values: readonly unknown[]): unknown {
  const [first] = values;
  const isPlain = values.length === 1 && typeof first === "object" && first !== null && !(first instanceof Error);
  if (!isPlain) return format(...values);
  try {
    return JSON.parse(JSON.stringify(first));
  } catch {
    return format(first);
  }
}

const { port, claims: claimsBuffer, time: timeBuffer, ...data } = workerData as RuntimeData & RuntimeChannel;
for (const name of ["port", "claims", "time"]) Reflect.deleteProperty(workerData, name);
const claims = new EventClaims(claimsBuffer);

/** An event whose handler is running. */
interface RunningEvent extends NumberedEvent {
  /** Of a clock that cannot be adjusted. */
  readonly startedAt: number;
}

let running: RunningEvent | undefined;
/** Of the running event, or of the one before. */
let requestId: string | undefined;
let onIdle: () => void = () => undefined;
const now = performance.now.bind(performance);

const post = (message: RuntimeMessage): void => port.postMessage(message);

/** The current memory of the thread. V8 records no maximum for a thread. */
const memoryBytes = (): number => {
  const { total_physical_size, external_memory } = getHeapStatistics();
  return total_physical_size + external_memory;
};

/** Sends the result of an event, unless the emulator has already given up on the event. */
function postResult({ sequence, startedAt }: RunningEvent, result: HandlerResult & { readonly isLast?: true }): void {
  const milliseconds = now() - startedAt;
  if (!claims.finish(sequence)) return;
  post({ ...result, milliseconds, ...(data.isVerbose && { memoryBytes: memoryBytes() }) });
}

const contextOf = ({ requestId: awsRequestId, startedAt }: RunningEvent): object => ({
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  clientContext: undefined,
  identity: undefined,
  invokedFunctionArn: data.functionArn,
  awsRequestId,
  getRemainingTimeInMillis: () => Math.round(startedAt + data.timeoutMilliseconds - now()),
});

async function run(handler: UserHandler, event: NumberedEvent): Promise<void> {
  const current = { ...event, startedAt: now() };
  running = current;
  requestId = event.requestId;
  if (data.isVerbose) post({ kind: "started" });
  process.env._X_AMZN_TRACE_ID = `${newTraceId(Date.now())};Parent=${newSpanId()};Sampled=0`;
  const result = await callHandler(handler, {
    event: JSON.parse(event.payload),
    context: contextOf(current),
    onIdle: (listener) => {
      onIdle = listener;
    },
    warn: (message) => post({ kind: "log", level: "WARN", message, requestId }),
  });
  running = undefined;
  postResult(current, result);
}

/**
 * Returns the function that accepts events, and runs one after the other. The port is unreferenced meanwhile, because
 * the result of a callback waits until the event loop is empty.
 */
function runner(handler: UserHandler): (event: NumberedEvent) => void {
  const waiting: NumberedEvent[] = [];
  let isBusy = false;
  async function runAll(): Promise<void> {
    port.unref();
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      if (claims.start(event.sequence)) await run(handler, event);
    }
    isBusy = false;
    port.ref();
  }
  return (event) => {
    waiting.push(event);
    if (isBusy) return;
    isBusy = true;
    void runAll();
  };
}

/** An uncaught error ends the thread and the current invocation. */
function exit(fault: unknown, code: number): void {
  const error = describeFault(fault);
  if (running) postResult(running, { kind: "failed", error, isLast: true });
  else post({ kind: "broken", error });
  process.exit(code);
}

/**
 * Trap: the handler shares the process of the emulator. A handler that sends a signal to its own process ends only its
 * thread.
 */
function redirectSignals(): void {
  const kill = process.kill.bind(process);
  process.kill = (pid, signal) =>
    signal !== 0 && [0, process.pid, -process.pid].includes(pid) ? process.exit(1) : kill(pid, signal);
}

/** The function sees its own `NODE_OPTIONS`, not the part that the thread started with. */
async function preloadModules(): Promise<void> {
  const { nodeOptions, taskRoot } = data;
  if (nodeOptions === undefined) Reflect.deleteProperty(process.env, "NODE_OPTIONS");
  else process.env.NODE_OPTIONS = nodeOptions;
  await preload(parseNodeOptions(nodeOptions ?? ""), taskRoot);
}

async function start(): Promise<void> {
  // Must come before the handler is loaded. Code without source maps sees the default of Node.js.
  if (data.hasSourceMaps) process.setSourceMapsEnabled(true);
  emulateDate(new EmulatedTime(timeBuffer));
  redirectSignals();
  setWorkingDirectory(data.taskRoot);
  const log = (line: Pick<LogMessage, "level" | "message">): void => post({ kind: "log", ...line, requestId });
  redirectConsole(log);
  restrictConnections({ ...data, report: (message) => log({ level: "ERROR", message }) });
  process.on("beforeExit", () => onIdle());
  process.on("uncaughtException", (fault) => exit(fault, 129));
  process.on("unhandledRejection", (reason) => exit(new RuntimeError("UnhandledPromiseRejection", reason), 128));
  try {
    await preloadModules();
    const handler = await loadHandler(data.taskRoot, data.handler);
    port.on("message", runner(handler));
    post({ kind: "ready" });
  } catch (fault) {
    post({ kind: "broken", error: describeFault(fault) });
  }
}

void start();
