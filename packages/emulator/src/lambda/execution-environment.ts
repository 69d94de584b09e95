import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { threadModule } from "../thread-module.ts";
import { parseOutput } from "./log.ts";
import type {
  FunctionError,
  LogMessage,
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

export interface EnvironmentOptions {
  readonly data: RuntimeData;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly initMillisecondsMax: number;
  readonly onLog: (message: LogMessage) => void;
  /** Called if the thread ends between two events. */
  readonly onIdleExit: (error: FunctionError) => void;
}

const RUNTIME = threadModule("./runtime", import.meta.url);

/** A worker thread that runs one event at a time, with its own environment variables and memory. */
export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #resolveResult: ((result: RuntimeResult) => void) | undefined;
  #requestId: string | undefined;
  #fault: FunctionError | undefined;
  #isAlive = true;
  /** The maximum of all measurements so far. */
  memoryBytes = 0;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1.on("message", (message: RuntimeMessage) => this.#receive(message));
    this.#worker = new Worker(RUNTIME, {
      eval: true,
      // Debuggers show it.
      name: options.data.functionName,
      workerData: { ...options.data, port: port2 },
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

  /** Loads the handler. Returns the error if loading fails or exceeds the time limit. */
  async start(): Promise<FunctionError | undefined> {
    const { initMillisecondsMax } = this.#options;
    const timer = setTimeout(() => this.#timeOut(initMillisecondsMax), initMillisecondsMax);
    const result = await this.#nextResult();
    clearTimeout(timer);
    if (result.kind !== "failed") return undefined;
    void this.stop();
    return result.error;
  }

  /** Runs one event. Terminates the thread at the deadline of the event. */
  async run(event: RuntimeEvent): Promise<Outcome> {
    this.#requestId = event.requestId;
    const finished = this.#nextResult();
    const milliseconds = event.deadline - event.startedAt;
    const timer = setTimeout(() => this.#timeOut(milliseconds), milliseconds);
    this.#port.postMessage(event);
    const result = await finished;
    clearTimeout(timer);
    if (result.kind === "failed") return { error: result.error };
    return { payload: result.kind === "done" ? JSON.parse(result.payload) : null };
  }

  async stop(): Promise<void> {
    this.#isAlive = false;
    await this.#worker.terminate();
  }

  #receive(message: RuntimeMessage): void {
    if (message.kind === "log") this.#options.onLog(message);
    else this.#onResult(message);
  }

  /** A result between two events is a fault of code that an earlier event started. */
  #onResult(result: RuntimeResult): void {
    const resolve = this.#resolveResult;
    const wasAlive = this.#isAlive;
    this.#resolveResult = undefined;
    if ("memoryBytes" in result) this.memoryBytes = Math.max(this.memoryBytes, result.memoryBytes ?? 0);
    if ("isLast" in result) this.#isAlive = false;
    if (resolve) resolve(result);
    else if (result.kind === "failed" && wasAlive) this.#options.onIdleExit(result.error);
  }

  #nextResult(): Promise<RuntimeResult> {
    return new Promise((resolve) => {
      this.#resolveResult = resolve;
      if (!this.#isAlive) this.#onExit(0);
    });
  }

  #timeOut(milliseconds: number): void {
    this.#fault = this.#error("Sandbox.Timedout", `Task timed out after ${(milliseconds / 1000).toFixed(2)} seconds`);
    this.#isAlive = false;
    this.#onResult({ kind: "failed", error: this.#fault });
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
    const wasAlive = this.#isAlive;
    this.#isAlive = false;
    if (this.#resolveResult) this.#onResult({ kind: "failed", error });
    else if (wasAlive) this.#options.onIdleExit(error);
  }

  #error(errorType: string, reason: string): FunctionError {
    const request = this.#requestId === undefined ? "" : `RequestId: ${this.#requestId} `;
    return { errorType, errorMessage: `${request}Error: ${reason}` };
  }
}
