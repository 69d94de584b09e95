import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { threadModule } from "../thread-module.ts";
import { messagesIn } from "./output.ts";
import type { Answer, FunctionError, LogMessage, RuntimeData, RuntimeEvent, RuntimeMessage } from "./protocol.ts";

/** What running an event came to: the function's answer, or the error that Lambda reports in its place. */
export type Outcome = { readonly payload: unknown } | { readonly error: FunctionError };

/** What an invocation came to. `throttled`: the function ran not at all, its concurrency is used up (ER-06). */
export type Invocation = Outcome | { readonly throttled: true };

export interface EnvironmentOptions {
  readonly data: RuntimeData;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly initMillisecondsMax: number;
  readonly onLog: (message: LogMessage) => void;
  /** The thread has ended while it had nothing to do. */
  readonly onIdleExit: (error: FunctionError) => void;
}

const RUNTIME = threadModule("./runtime", import.meta.url);

/** One worker thread that runs one event at a time, with its own variables and memory. */
export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #answered: ((answer: Answer) => void) | undefined;
  #requestId: string | undefined;
  #fault: FunctionError | undefined;
  #isAlive = true;
  /** The most that it has told so far. */
  memoryBytes = 0;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1.on("message", (message: RuntimeMessage) => this.#receive(message));
    this.#worker = new Worker(RUNTIME, {
      eval: true,
      workerData: { ...options.data, port: port2 },
      transferList: [port2],
      env: options.variables,
      execArgv: [],
      // Trap: V8 ends the whole process when one step of a builtin, such as filling a giant array, goes far beyond it.
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
      stdout: true,
      stderr: true,
    });
    this.#worker.on("error", (fault) => this.#onFault(fault));
    this.#worker.on("exit", (code) => this.#onExit(code));
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.on("data", (text) => messagesIn(`${text}`).forEach(options.onLog));
    }
  }

  /** False once its thread has ended; it takes no more events then. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Loads the handler. Gives the error when that fails, or takes longer than Lambda waits. */
  async start(): Promise<FunctionError | undefined> {
    const { initMillisecondsMax } = this.#options;
    const timer = setTimeout(() => this.#timeOut(initMillisecondsMax), initMillisecondsMax);
    const answer = await this.#nextAnswer();
    clearTimeout(timer);
    if (answer.kind !== "failed") return undefined;
    void this.stop();
    return answer.error;
  }

  /** Runs one event. Past its deadline the thread is ended, whatever it does. */
  async run(event: RuntimeEvent): Promise<Outcome> {
    this.#requestId = event.requestId;
    const answered = this.#nextAnswer();
    const milliseconds = event.deadline - event.startedAt;
    const timer = setTimeout(() => this.#timeOut(milliseconds), milliseconds);
    this.#port.postMessage(event);
    const answer = await answered;
    clearTimeout(timer);
    if (answer.kind === "failed") return { error: answer.error };
    return { payload: answer.kind === "done" ? JSON.parse(answer.payload) : null };
  }

  async stop(): Promise<void> {
    this.#isAlive = false;
    await this.#worker.terminate();
  }

  #receive(message: RuntimeMessage): void {
    if (message.kind === "log") this.#options.onLog(message);
    else this.#onAnswer(message);
  }

  /** An answer that nobody waits for is a fault of code left behind by an earlier event. */
  #onAnswer(message: Answer): void {
    const answered = this.#answered;
    const wasAlive = this.#isAlive;
    this.#answered = undefined;
    if ("memoryBytes" in message) this.memoryBytes = Math.max(this.memoryBytes, message.memoryBytes ?? 0);
    if ("isLast" in message) this.#isAlive = false;
    if (answered) answered(message);
    else if (message.kind === "failed" && wasAlive) this.#options.onIdleExit(message.error);
  }

  #nextAnswer(): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      if (!this.#isAlive) this.#onExit(0);
    });
  }

  #timeOut(milliseconds: number): void {
    this.#fault = this.#error("Sandbox.Timedout", `Task timed out after ${(milliseconds / 1000).toFixed(2)} seconds`);
    this.#isAlive = false;
    this.#onAnswer({ kind: "failed", error: this.#fault });
    void this.stop();
  }

  #onFault(fault: Error): void {
    const isMemory = (fault as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
    this.#fault = isMemory
      ? this.#error("Runtime.OutOfMemory", "Runtime exited with error: signal: killed")
      : this.#error("Runtime.ExitError", `Runtime exited with error: ${fault.message}`);
  }

  /** Trap: what the thread said last may still wait in the channel. */
  #onExit(code: number): void {
    for (let left = receiveMessageOnPort(this.#port); left; left = receiveMessageOnPort(this.#port)) {
      this.#receive(left.message);
    }
    this.#port.close();
    const reason = code === 0 ? "Runtime exited without providing a reason" : exited(code);
    const error = this.#fault ?? this.#error("Runtime.ExitError", reason);
    const wasAlive = this.#isAlive;
    this.#isAlive = false;
    if (this.#answered) this.#onAnswer({ kind: "failed", error });
    else if (wasAlive) this.#options.onIdleExit(error);
  }

  #error(errorType: string, reason: string): FunctionError {
    const request = this.#requestId === undefined ? "" : `RequestId: ${this.#requestId} `;
    return { errorType, errorMessage: `${request}Error: ${reason}` };
  }
}

const exited = (code: number): string => `Runtime exited with error: exit status ${code}`;
