import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { ExecutionEnvironment } from "./execution-environment.ts";
import type { FunctionError, LogMessage, RuntimeData } from "./protocol.ts";

/** Lambda would start a thousand; on one machine more threads than this only wait for each other. */
const ENVIRONMENTS_MAX = 64;

/**
 * This many are started as soon as all others are busy, as Lambda does. Beyond them, starting one costs more CPU than
 * waiting for one that is about to be free: another is started when for a while none has become free.
 */
const EAGER_ENVIRONMENTS_MAX = 2 * availableParallelism();
const PATIENCE_MILLISECONDS = 100;

const IDLE_MILLISECONDS_MAX = 60_000;

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const INIT_MILLISECONDS_MAX = 10_000;

export interface EnvironmentsOptions {
  readonly data: RuntimeData;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly initMillisecondsMax?: number | undefined;
  readonly onLog: (message: LogMessage) => void;
}

/** An environment that is free for an event. `initMilliseconds`: how long it took to start, where the event had to wait. */
export interface Free {
  readonly environment: ExecutionEnvironment;
  readonly initMilliseconds?: number;
}

type Waiting = (free: Free | { readonly error: FunctionError }) => void;

const STOPPED: FunctionError = { errorType: "Runtime.ExitError", errorMessage: "The function is being stopped" };

/** The execution environments of a function: as many as its load asks for, each with one event at a time. */
export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #all = new Set<ExecutionEnvironment>();
  /** The timer ends an environment that stays idle. */
  readonly #idle = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  readonly #fresh = new Map<ExecutionEnvironment, number>();
  /** First in, first out; a list would move all others at each step. */
  readonly #queue = new Set<Waiting>();
  #starting = 0;
  #patience: NodeJS.Timeout | undefined;
  #lastFreeAt = 0;
  #isStopped = false;

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
  }

  /** Gives an environment for one event, or the error when it could not be started. To be given back by `release`. */
  acquire(): Promise<Free | { readonly error: FunctionError }> {
    if (this.#isStopped) return Promise.resolve({ error: STOPPED });
    return new Promise((resolve) => {
      this.#queue.add(resolve);
      this.#work();
    });
  }

  /** Keeps an environment for the next event, or forgets it when its thread has ended. */
  release(environment: ExecutionEnvironment): void {
    this.#settle(environment);
    this.#work();
  }

  /** Ends every environment, and with it what runs there. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const resolve of this.#queue) resolve({ error: STOPPED });
    this.#queue.clear();
    for (const timer of [this.#patience, ...this.#idle.values()]) clearTimeout(timer);
    await Promise.all([...this.#all].map((environment) => environment.stop()));
  }

  #work(): void {
    if (this.#isStopped) return;
    for (const environment of this.#idle.keys()) {
      const resolve = this.#next();
      if (!resolve) return;
      resolve(this.#take(environment));
    }
    while (this.#needsAnother()) void this.#startAnother();
    if (this.#queue.size > 0) this.#patience ??= setTimeout(() => this.#lookAgain(), PATIENCE_MILLISECONDS);
  }

  #next(): Waiting | undefined {
    const [first] = this.#queue;
    if (first) this.#queue.delete(first);
    return first;
  }

  #take(environment: ExecutionEnvironment): Free {
    clearTimeout(this.#idle.get(environment));
    this.#idle.delete(environment);
    const initMilliseconds = this.#fresh.get(environment);
    this.#fresh.delete(environment);
    return { environment, ...(initMilliseconds !== undefined && { initMilliseconds }) };
  }

  #lookAgain(): void {
    this.#patience = undefined;
    this.#work();
  }

  #needsAnother(): boolean {
    const count = this.#all.size;
    if (this.#queue.size <= this.#starting || count >= ENVIRONMENTS_MAX) return false;
    if (count < EAGER_ENVIRONMENTS_MAX) return true;
    return this.#starting === 0 && Date.now() - this.#lastFreeAt >= PATIENCE_MILLISECONDS;
  }

  async #startAnother(): Promise<void> {
    const startedAt = performance.now();
    const environment = this.#create();
    this.#all.add(environment);
    this.#starting += 1;
    const error = await environment.start();
    this.#starting -= 1;
    this.#fresh.set(environment, performance.now() - startedAt);
    if (error) this.#next()?.({ error });
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
        this.#forget(environment);
      },
    });
    return environment;
  }

  #settle(environment: ExecutionEnvironment): void {
    this.#lastFreeAt = Date.now();
    if (!environment.isAlive) {
      this.#forget(environment);
      return;
    }
    const retire = setTimeout(() => {
      this.#forget(environment);
      void environment.stop();
    }, IDLE_MILLISECONDS_MAX);
    this.#idle.set(environment, retire.unref());
  }

  #forget(environment: ExecutionEnvironment): void {
    this.#take(environment);
    this.#all.delete(environment);
  }
}

/** As Lambda names them: the day, the version, the environment. */
const newLogStreamName = (): string => {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`;
};
