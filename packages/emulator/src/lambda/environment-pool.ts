import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { ExecutionEnvironment } from "./execution-environment.ts";
import type { FunctionError, LogMessage, RuntimeData } from "./runtime-messages.ts";

/** Lambda's default limit is 1,000. More threads than this only compete for the CPUs of one machine. */
const ENVIRONMENTS_MAX = 64;

/**
 * Up to this number, an environment is started as soon as all others are busy, as in Lambda. Beyond it, starting one
 * costs more CPU than waiting for a busy one, so another is started only if none has become free for a while.
 */
const EAGER_ENVIRONMENTS_MAX = 2 * availableParallelism();
const BUSY_MILLISECONDS_MAX = 100;

const IDLE_MILLISECONDS_MAX = 60_000;

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const INIT_MILLISECONDS_MAX = 10_000;

export interface EnvironmentPoolOptions {
  readonly data: RuntimeData;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly initMillisecondsMax?: number | undefined;
  readonly onLog: (message: LogMessage) => void;
}

/** An environment that is reserved for one event. */
export interface AcquiredEnvironment {
  readonly environment: ExecutionEnvironment;
  /** The duration of a cold start. */
  readonly initMilliseconds?: number;
}

type Acquisition = AcquiredEnvironment | { readonly error: FunctionError };

const STOPPED: FunctionError = { errorType: "Runtime.ExitError", errorMessage: "The function is being stopped" };

/**
 * The execution environments of a function. The pool grows with the load. Each environment runs one event at a time.
 */
export class EnvironmentPool {
  readonly #options: EnvironmentPoolOptions;
  readonly #all = new Set<ExecutionEnvironment>();
  /** The timer ends an environment that stays idle. */
  readonly #idle = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  /** Durations of cold starts, until the first event. */
  readonly #initMilliseconds = new Map<ExecutionEnvironment, number>();
  /** First in, first out. Removing the first element of an array would take linear time. */
  readonly #queue = new Set<(acquisition: Acquisition) => void>();
  #starting = 0;
  #growthTimer: NodeJS.Timeout | undefined;
  #lastFreeAt = 0;
  #isStopped = false;

  constructor(options: EnvironmentPoolOptions) {
    this.#options = options;
  }

  /**
   * Resolves with an environment, which must be passed to `release` after the event, or with the error of a failed
   * start.
   */
  acquire(): Promise<Acquisition> {
    if (this.#isStopped) return Promise.resolve({ error: STOPPED });
    return new Promise((resolve) => {
      this.#queue.add(resolve);
      this.#assign();
    });
  }

  /** Keeps an environment for the next event, unless its thread has ended. */
  release(environment: ExecutionEnvironment): void {
    this.#makeIdle(environment);
    this.#assign();
  }

  /** Stops every environment, including running invocations. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const resolve of this.#queue) resolve({ error: STOPPED });
    this.#queue.clear();
    for (const timer of [this.#growthTimer, ...this.#idle.values()]) clearTimeout(timer);
    await Promise.all([...this.#all].map((environment) => environment.stop()));
  }

  #assign(): void {
    if (this.#isStopped) return;
    for (const environment of this.#idle.keys()) {
      const resolve = this.#dequeue();
      if (!resolve) return;
      resolve(this.#take(environment));
    }
    while (this.#needsAnother()) void this.#startAnother();
    if (this.#queue.size > 0) this.#growthTimer ??= setTimeout(() => this.#checkGrowth(), BUSY_MILLISECONDS_MAX);
  }

  #dequeue(): ((acquisition: Acquisition) => void) | undefined {
    const [first] = this.#queue;
    if (first) this.#queue.delete(first);
    return first;
  }

  #take(environment: ExecutionEnvironment): AcquiredEnvironment {
    clearTimeout(this.#idle.get(environment));
    this.#idle.delete(environment);
    const initMilliseconds = this.#initMilliseconds.get(environment);
    this.#initMilliseconds.delete(environment);
    return { environment, ...(initMilliseconds !== undefined && { initMilliseconds }) };
  }

  #checkGrowth(): void {
    this.#growthTimer = undefined;
    this.#assign();
  }

  #needsAnother(): boolean {
    const count = this.#all.size;
    if (this.#queue.size <= this.#starting || count >= ENVIRONMENTS_MAX) return false;
    if (count < EAGER_ENVIRONMENTS_MAX) return true;
    return this.#starting === 0 && Date.now() - this.#lastFreeAt >= BUSY_MILLISECONDS_MAX;
  }

  async #startAnother(): Promise<void> {
    const startedAt = performance.now();
    const environment = this.#create();
    this.#all.add(environment);
    this.#starting += 1;
    const error = await environment.start();
    this.#starting -= 1;
    this.#initMilliseconds.set(environment, performance.now() - startedAt);
    if (error) this.#dequeue()?.({ error });
    this.release(environment);
  }

  #create(): ExecutionEnvironment {
    const { data, memoryMegabytes, variables, initMillisecondsMax = INIT_MILLISECONDS_MAX, onLog } = this.#options;
    const environment: ExecutionEnvironment = new ExecutionEnvironment({
      data,
      memoryMegabytes,
      variables: { ...variables, AWS_LAMBDA_LOG_STREAM_NAME: newLogStreamName() },
      initMillisecondsMax,
      onLog,
      onIdleExit: ({ errorType, errorMessage, trace }) => {
        onLog({ kind: "log", level: "ERROR", message: { errorType, errorMessage, stackTrace: trace } });
        this.#remove(environment);
      },
    });
    return environment;
  }

  #makeIdle(environment: ExecutionEnvironment): void {
    this.#lastFreeAt = Date.now();
    if (!environment.isAlive) {
      this.#remove(environment);
      return;
    }
    const timer = setTimeout(() => {
      this.#remove(environment);
      void environment.stop();
    }, IDLE_MILLISECONDS_MAX);
    this.#idle.set(environment, timer.unref());
  }

  #remove(environment: ExecutionEnvironment): void {
    this.#take(environment);
    this.#all.delete(environment);
  }
}

/** The format of Lambda: date, version, environment. */
const newLogStreamName = (): string => {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
};
