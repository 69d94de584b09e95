/*
 * Lambda's Node.js runtime in a worker thread: loads the handler, then runs one event at a time.
 * The thread evaluates it as one bundled text, so it imports no packages, only modules of Node.js.
 */

import { format } from "node:util";
import { getHeapStatistics } from "node:v8";
import { workerData } from "node:worker_threads";
import { describeFault, RuntimeError } from "./function-error.ts";
import { callHandler } from "./handler-call.ts";
import { loadHandler, type UserHandler } from "./handler-module.ts";
import { parseNodeOptions, preload } from "./node-options.ts";
import { restrictConnections } from "./outbound-connections.ts";
import type {
  HandlerResult,
  LogMessage,
  RuntimeData,
  RuntimeEvent,
  RuntimeMessage,
  RuntimePort,
} from "./runtime-messages.ts";

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

const { port, ...data } = workerData as RuntimeData & RuntimePort;
Reflect.deleteProperty(workerData, "port");

let requestId: string | undefined;
let onIdle: () => void = () => undefined;

const post = (message: RuntimeMessage): void => port.postMessage(message);

/** The current memory of the thread. V8 records no maximum for a thread. */
const memoryBytes = (): number => {
  const { total_physical_size, external_memory } = getHeapStatistics();
  return total_physical_size + external_memory;
};

function postResult(result: HandlerResult): void {
  post(data.measuresMemory ? { ...result, memoryBytes: memoryBytes() } : result);
}

const contextOf = ({ requestId: awsRequestId, deadline }: RuntimeEvent): object => ({
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  clientContext: undefined,
  identity: undefined,
  invokedFunctionArn: data.functionArn,
  awsRequestId,
  getRemainingTimeInMillis: () => deadline - Date.now(),
});

/** The port is unreferenced meanwhile, because the result of a callback waits until the event loop is empty. */
async function run(handler: UserHandler, event: RuntimeEvent): Promise<void> {
  requestId = event.requestId;
  process.env._X_AMZN_TRACE_ID = event.traceId;
  port.unref();
  const result = await callHandler(handler, {
    event: JSON.parse(event.payload),
    context: contextOf(event),
    onIdle: (listener) => {
      onIdle = listener;
    },
  });
  port.ref();
  postResult(result);
}

/** An uncaught error ends the thread and the current invocation. */
function exit(fault: unknown, code: number): void {
  postResult({ kind: "failed", error: describeFault(fault), isLast: true });
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
  redirectSignals();
  redirectConsole((line) => post({ kind: "log", ...line, requestId }));
  restrictConnections({ ...data, report: (message) => post({ kind: "log", level: "ERROR", message, requestId }) });
  process.on("beforeExit", () => onIdle());
  process.on("uncaughtException", (fault) => exit(fault, 129));
  process.on("unhandledRejection", (reason) => exit(new RuntimeError("UnhandledPromiseRejection", reason), 128));
  try {
    await preloadModules();
    const handler = await loadHandler(data.taskRoot, data.handler);
    port.on("message", (event: RuntimeEvent) => void run(handler, event));
    post({ kind: "ready" });
  } catch (fault) {
    post({ kind: "failed", error: describeFault(fault) });
  }
}

void start();
