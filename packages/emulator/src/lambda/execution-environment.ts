import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { EmulatedTime } from "../emulated-time.ts";
import { threadModule } from "../thread-module.ts";
import { EventClaims } from "./event-claims.ts";
import { parseOutput } from "./log.ts";
import type {
  FunctionError,
  LogMessage,
  NumberedEvent,
  RuntimeChannel,
  RuntimeData,
  RuntimeEvent,
  RuntimeMessage,
  RuntimeResult,
} from "./runtime-messages.ts";

/** The result of the handler, or the error that Lambda reports. */
export type Outcome = { readonly payload: unknown } | { readonly error: FunctionError };

/**
 * The outcome of an invocation. `throttled`: the reserved concurrency is used up, and the function did not run (ER-06).
 */
export type Invocation = Outcome | { readonly throttled: true };

/** What an environment runs. */
export interface Task {
  readonly event: RuntimeEvent;
}

export interface EndedEvent {
  readonly outcome: Outcome;
  readonly milliseconds: number;
}

export interface EnvironmentOptions<Run extends Task> {
  readonly data: RuntimeData;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly initMillisecondsMax: number;
  readonly time: EmulatedTime;
  readonly onLog: (message: LogMessage) => void;
  /** Called when the handler starts, if `isVerbose` is set. */
  readonly onStart: (task: Run) => void;
  readonly onEnd: (task: Run, ended: EndedEvent) => void;
  /** Called if the environment cannot run further events, with those that its thread has not started. */
  readonly onExit: (tasks: readonly Run[]) => void;
}

const RUNTIME = threadModule("./runtime", import.meta.url);

interface AssignedTask<Run extends Task> {
  readonly task: Run;
  readonly sequence: number;
}

/**
 * A worker thread with its own environment variables and memory. It runs one event at a time. It accepts further events
 * meanwhile, so that it does not wait for the next one.
 */
export class ExecutionEnvironment<Run extends Task> {
  readonly #options: EnvironmentOptions<Run>;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #claims = new EventClaims();
  /** The first one is running. */
  readonly #tasks: AssignedTask<Run>[] = [];
  #sequence = 0;
  #onStarted: ((error?: FunctionError) => void) | undefined;
  #firstSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #requestId: string | undefined;
  #fault: FunctionError | undefined;
  #isAlive = true;
  /** The maximum of all measurements so far. */
  memoryBytes = 0;

  constructor(options: EnvironmentOptions<Run>) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1.on("message", (message: RuntimeMessage) => this.#receive(message));
    const channel: RuntimeChannel = { port: port2, claims: this.#claims.buffer, time: options.time.buffer };
    this.#worker = new Worker(RUNTIME, {
      eval: true,
      // Debuggers show it.
      name: options.data.functionName,
      workerData: { ...options.data, ...channel },
      transferList: [port2],
      env: options.variables,
      execArgv: [],
      // Trap: if a single call, such as filling a giant array, exceeds the limit by far, V8 ends the whole process.
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
      stdout: true,
      stderr: true,
    });
    this.#worker.on("error", (fault) => this.#onFault(fault));
    this.#worker.on("exit", (code) => this.#onExit(code));
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.on("data", (text) => parseOutput(`${text}`).forEach(options.onLog));
    }
  }

  /** False if the thread has ended, and cannot run further events. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** How many events it has, the running one included. */
  get taskCount(): number {
    return this.#tasks.length;
  }

  /** Milliseconds since the running event started, or since it was sent to an idle thread. */
  get busyMilliseconds(): number {
    return this.#tasks.length === 0 ? 0 : performance.now() - this.#firstSince;
  }

  /** Loads the handler. Returns the error if loading fails or exceeds the time limit. */
  async start(): Promise<FunctionError | undefined> {
    const { initMillisecondsMax } = this.#options;
    const started = new Promise<FunctionError | undefined>((resolve) => {
      this.#onStarted = resolve;
    });
    const timer = setTimeout(() => this.#onReady(this.#timeoutError(initMillisecondsMax)), initMillisecondsMax);
    const error = await started;
    clearTimeout(timer);
    if (error) void this.stop();
    return error;
  }

  /** Runs an event after those that the environment already has. Terminates the thread if it exceeds the timeout. */
  run(task: Run): void {
    const sequence = this.#sequence++;
    this.#claims.assign(sequence);
    this.#tasks.push({ task, sequence });
    const event: NumberedEvent = { requestId: task.event.requestId, payload: task.event.payload, sequence };
    this.#port.postMessage(event);
    if (this.#tasks.length === 1) this.#watch();
  }

  /** Takes back the events after the running one, unless the thread has started them. */
  withdraw(): readonly Run[] {
    return this.#revokeFrom(1);
  }

  async stop(): Promise<void> {
    this.#isAlive = false;
    await this.#worker.terminate();
  }

  #receive(message: RuntimeMessage): void {
    if (message.kind === "log") this.#options.onLog(message);
    else if (message.kind === "ready") this.#onReady();
    else if (message.kind === "started") this.#onEventStarted();
    else if (message.kind !== "broken") this.#onResult(message);
    else if (this.#onStarted) this.#onReady(message.error);
    else if (this.#isAlive) this.#onUnexpectedExit(message.error);
  }

  /** An event that has exceeded its timeout is not there any more. */
  #onEventStarted(): void {
    const [first] = this.#tasks;
    if (first) this.#options.onStart(first.task);
  }

  #onReady(error?: FunctionError): void {
    this.#onStarted?.(error);
    this.#onStarted = undefined;
  }

  #onResult(result: RuntimeResult): void {
    this.memoryBytes = Math.max(this.memoryBytes, result.memoryBytes ?? 0);
    if (result.isLast) this.#isAlive = false;
    const outcome = result.kind === "failed" ? { error: result.error } : { payload: JSON.parse(result.payload) };
    this.#end(outcome, result.milliseconds);
    if (result.isLast) this.#options.onExit(this.#revokeFrom(0));
  }

  /** Ends the running event. The thread has already started the next one. */
  #end(outcome: Outcome, milliseconds = this.busyMilliseconds): void {
    clearTimeout(this.#timer);
    const first = this.#tasks.shift() as AssignedTask<Run>;
    if (this.#tasks.length > 0 && this.#isAlive) this.#watch();
    this.#options.onEnd(first.task, { outcome, milliseconds });
  }

  /** Starts the timeout of the first event. */
  #watch(): void {
    this.#requestId = this.#tasks[0]?.task.event.requestId;
    this.#firstSince = performance.now();
    this.#timer = setTimeout(() => this.#timeOut(), this.#options.data.timeoutMilliseconds);
  }

  #timeOut(): void {
    const [first] = this.#tasks;
    // Otherwise the result is already in the channel.
    if (!first || !this.#claims.cancel(first.sequence)) return;
    this.#isAlive = false;
    this.#end({ error: this.#timeoutError(this.#options.data.timeoutMilliseconds) });
    this.#options.onExit(this.#revokeFrom(0));
    void this.stop();
  }

  #onFault(fault: Error): void {
    const isMemory = (fault as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
    this.#fault = isMemory
      ? this.#error("Runtime.OutOfMemory", "Runtime exited with error: signal: killed")
      : this.#error("Runtime.ExitError", `Runtime exited with error: ${fault.message}`);
  }

  /** Trap: when the thread has exited, its last messages may still be in the channel. */
  #onExit(code: number): void {
    for (let queued = receiveMessageOnPort(this.#port); queued; queued = receiveMessageOnPort(this.#port)) {
      this.#receive(queued.message);
    }
    this.#port.close();
    const reason =
      code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: exit status ${code}`;
    const error = this.#fault ?? this.#error("Runtime.ExitError", reason);
    if (this.#onStarted) this.#onReady(error);
    else if (this.#isAlive) this.#onUnexpectedExit(error);
    else while (this.#tasks.length > 0) this.#end({ error });
  }

  /** Without a running event, the fault is one of code that an earlier event started. */
  #onUnexpectedExit(error: FunctionError): void {
    const { errorType, errorMessage, trace: stackTrace } = error;
    const [first] = this.#tasks;
    this.#isAlive = false;
    clearTimeout(this.#timer);
    if (first && !this.#claims.isAssigned(first.sequence)) this.#end({ error });
    else this.#options.onLog({ kind: "log", level: "ERROR", message: { errorType, errorMessage, stackTrace } });
    this.#options.onExit(this.#revokeFrom(0));
  }

  #revokeFrom(index: number): readonly Run[] {
    const revoked = this.#tasks.filter(({ sequence }, at) => at >= index && this.#claims.revoke(sequence));
    const kept = this.#tasks.filter((each) => !revoked.includes(each));
    this.#tasks.splice(0, this.#tasks.length, ...kept);
    return revoked.map(({ task }) => task);
  }

  #timeoutError(milliseconds: number): FunctionError {
    return this.#error("Sandbox.Timedout", `Task timed out after ${(milliseconds / 1000).toFixed(2)} seconds`);
  }

  #error(errorType: string, reason: string): FunctionError {
    const request = this.#requestId === undefined ? "" : `RequestId: ${this.#requestId} `;
    return { errorType, errorMessage: `${request}Error: ${reason}` };
  }
}
