/*
 * Lambda's Node.js runtime, inside a worker thread: loads the handler, then takes one event at a time.
 * It is handed to the thread as one text, so of packages it imports nothing but Node's own modules.
 */
import { getHeapStatistics } from "node:v8";
import { workerData } from "node:worker_threads";
import { redirectConsole } from "./console.ts";
import { describeFault, RuntimeError } from "./function-error.ts";
import { callHandler } from "./handler-call.ts";
import { loadHandler, type UserHandler } from "./handler-module.ts";
import type { HandlerAnswer, RuntimeData, RuntimeEvent, RuntimeMessage, RuntimePort } from "./protocol.ts";

const { port, ...data } = workerData as RuntimeData & RuntimePort;
Reflect.deleteProperty(workerData, "port");

let requestId: string | undefined;
let onIdle: () => void = () => undefined;

const post = (message: RuntimeMessage): void => port.postMessage(message);

/** What the thread holds now: V8 keeps no peak per thread. */
const memoryBytes = (): number => {
  const { total_physical_size, external_memory } = getHeapStatistics();
  return total_physical_size + external_memory;
};

function postAnswer(answer: HandlerAnswer): void {
  post(data.measuresMemory ? { ...answer, memoryBytes: memoryBytes() } : answer);
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

/** While it runs, the port keeps no event loop alive: an empty one is what callbacks wait for. */
async function answer(handler: UserHandler, event: RuntimeEvent): Promise<void> {
  requestId = event.requestId;
  process.env._X_AMZN_TRACE_ID = event.traceId;
  port.unref();
  const answer = await callHandler(handler, {
    event: JSON.parse(event.payload),
    context: contextOf(event),
    onIdle: (listener) => {
      onIdle = listener;
    },
  });
  port.ref();
  postAnswer(answer);
}

/** What nobody caught ends the process, and with it the event under way. */
function exit(fault: unknown, code: number): void {
  postAnswer({ kind: "failed", error: describeFault(fault), isLast: true });
  process.exit(code);
}

/** Trap: the process is the emulator's. A handler that signals its own ends its thread alone. */
function keepSignals(): void {
  const kill = process.kill.bind(process);
  process.kill = (pid, signal) =>
    signal !== 0 && [0, process.pid, -process.pid].includes(pid) ? process.exit(1) : kill(pid, signal);
}

async function start(): Promise<void> {
  keepSignals();
  redirectConsole((line) => post({ kind: "log", ...line, requestId }));
  process.on("beforeExit", () => onIdle());
  process.on("uncaughtException", (fault) => exit(fault, 129));
  process.on("unhandledRejection", (reason) => exit(new RuntimeError("UnhandledPromiseRejection", reason), 128));
  try {
    const handler = await loadHandler(data.taskRoot, data.handler);
    port.on("message", (event: RuntimeEvent) => void answer(handler, event));
    post({ kind: "ready" });
  } catch (fault) {
    post({ kind: "failed", error: describeFault(fault) });
  }
}

void start();
