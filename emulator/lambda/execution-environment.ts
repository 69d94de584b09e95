import { Worker } from "node:worker_threads";
import { threadModule } from "../thread-module.ts";
import type { FunctionError, LogMessage, RuntimeData, RuntimeEvent, RuntimeMessage } from "./runtime.ts";

/** What an invocation came to: the function's answer, or the error that Lambda reports in its place. */
export type Invocation = { readonly payload: unknown } | { readonly error: FunctionError };

export interface EnvironmentOptions {
  readonly data: RuntimeData;
  readonly variables: Readonly<Record<string, string>>;
  readonly onLog: (message: LogMessage) => void;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const INIT_MILLISECONDS_MAX = 10_000;

type Answer = Exclude<RuntimeMessage, LogMessage>;

const RUNTIME = threadModule(new URL("./runtime.ts", import.meta.url));

/** One worker thread that runs one event at a time, with its own variables and memory. */
export class ExecutionEnvironment {
  readonly #worker: Worker;
  #answered: (answer: Answer) => void = () => undefined;
  #isAlive = true;

  constructor({ data, variables, onLog }: EnvironmentOptions) {
    this.#worker = new Worker(RUNTIME, {
      eval: true,
      workerData: data,
      env: variables,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: data.memoryMegabytes },
      stdout: true,
      stderr: true,
    });
    this.#worker.on("message", (message: RuntimeMessage) =>
      message.kind === "log" ? onLog(message) : this.#answered(message),
    );
    this.#worker.on("error", (fault) => this.#died(fault.name, fault.message));
    this.#worker.on("exit", () => this.#died("Runtime.ExitError", "Runtime exited without providing a reason"));
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.on("data", (text) =>
        onLog({ kind: "log", level: "INFO", message: `${text}`.trimEnd(), requestId: undefined }),
      );
    }
  }

  /** False once its thread has ended; it takes no more events then. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Loads the handler. Gives the error when that fails, or takes longer than Lambda waits. */
  async start(): Promise<FunctionError | undefined> {
    const timer = setTimeout(
      () => this.#end("Sandbox.Timedout", "The handler took too long to load"),
      INIT_MILLISECONDS_MAX,
    );
    const answer = await this.#nextAnswer();
    clearTimeout(timer);
    if (answer.kind !== "failed") return undefined;
    void this.stop();
    return answer.error;
  }

  /** Runs one event. Past its deadline the thread is ended, whatever it does. */
  async run(event: RuntimeEvent): Promise<Invocation> {
    const answered = this.#nextAnswer();
    const timer = setTimeout(() => this.#timeOut(event), event.deadline - Date.now());
    this.#worker.postMessage(event);
    const answer = await answered;
    clearTimeout(timer);
    if (answer.kind === "failed") return { error: answer.error };
    return { payload: answer.kind === "done" ? answer.payload : null };
  }

  #timeOut({ requestId, deadline, startedAt }: RuntimeEvent): void {
    const seconds = ((deadline - startedAt) / 1000).toFixed(2);
    this.#end("Sandbox.Timedout", `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`);
  }

  #end(errorType: string, errorMessage: string): void {
    this.#died(errorType, errorMessage);
    void this.stop();
  }

  stop(): Promise<number> {
    this.#isAlive = false;
    return this.#worker.terminate();
  }

  #nextAnswer(): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answered = resolve;
    });
  }

  #died(errorType: string, errorMessage: string): void {
    this.#isAlive = false;
    this.#answered({ kind: "failed", error: { errorType, errorMessage, trace: [] } });
  }
}
