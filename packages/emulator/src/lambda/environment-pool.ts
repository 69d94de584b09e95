import { availableParallelism } from "node:os";
import type { EmulatedTime } from "../emulated-time.ts";
import { newLogStreamName } from "../ids.ts";
import { DurationAverage } from "./duration-average.ts";
import { type EndedEvent, ExecutionEnvironment, type Outcome, type Task } from "./execution-environment.ts";
import { IdleEnvironments } from "./idle-environments.ts";
import type { FunctionError, LogMessage, RuntimeData, RuntimeEvent } from "./runtime-messages.ts";
import { WaitingRuns } from "./waiting-runs.ts";

/** Lambda's default limit is 1,000. More threads than this only compete for the CPUs of one machine. */
const ENVIRONMENTS_MAX = 64;

/**
 * Up to this number, an environment is started as soon as all others are busy, as in Lambda. Beyond it, starting one
 * costs more CPU than waiting for a busy one, so another is started only if no event has ended for a while.
 */
const EAGER_ENVIRONMENTS_MAX = 2 * availableParallelism();
const BUSY_MILLISECONDS_MAX = 100;

/**
 * An event waits for a busy environment if the events before it are expected to end within this time, because waking
 * another thread takes about as long, and competes for the CPUs. Handlers that wait for I/O take longer.
 */
const WAIT_MILLISECONDS_MAX = 0.5;
const TASKS_MAX = 16;

/** Events that wait behind one that takes longer than this are moved to another environment. */
const STALL_MILLISECONDS = 5;

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const INIT_MILLISECONDS_MAX = 10_000;

export interface EnvironmentPoolOptions {
  readonly data: RuntimeData;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly initMillisecondsMax?: number | undefined;
  readonly time: EmulatedTime;
  readonly onLog: (message: LogMessage) => void;
  /** Called when the handler starts with an event, if `isVerbose` is set. */
  readonly onStart: (requestId: string, start: ColdStart) => void;
}

export interface ColdStart {
  /** Undefined if the environment has run events before. */
  readonly initMilliseconds: number | undefined;
}

/** The outcome of an event. The figures are undefined if it did not run. */
export interface Run {
  readonly outcome: Outcome;
  readonly figures?: RunFigures;
}

export interface RunFigures extends ColdStart {
  readonly milliseconds: number;
  /** 0 if it was not measured. */
  readonly memoryBytes: number;
}

interface PendingRun extends Task {
  readonly resolve: (run: Run) => void;
}

type Environment = ExecutionEnvironment<PendingRun>;

const STOPPED: FunctionError = { errorType: "Runtime.ExitError", errorMessage: "The function is being stopped" };

/**
 * The execution environments of a function. The pool grows with the load. Each environment runs one event at a time.
 */
export class EnvironmentPool {
  readonly #options: EnvironmentPoolOptions;
  readonly #all = new Set<Environment>();
  readonly #idle = new IdleEnvironments<Environment>((environment) => {
    this.#remove(environment);
    void environment.stop();
  });
  /** Environments whose running event has taken too long for others to wait behind it. */
  readonly #stalled = new Set<Environment>();
  /** Durations of cold starts, until the first event. */
  readonly #initMilliseconds = new Map<Environment, number>();
  readonly #waiting = new WaitingRuns<PendingRun>();
  readonly #timers = new Map<() => void, NodeJS.Timeout>();
  readonly #average = new DurationAverage();
  #starting = 0;
  #lastEndAt = 0;
  #isStopped = false;

  constructor(options: EnvironmentPoolOptions) {
    this.#options = options;
  }

  /** Runs an event as soon as an environment can. Never rejects. */
  run(event: RuntimeEvent): Promise<Run> {
    if (this.#isStopped) return Promise.resolve({ outcome: { error: STOPPED } });
    return new Promise((resolve) => {
      this.#waiting.push({ event, resolve });
      this.#assign();
    });
  }

  /** Starts an environment if there is none. Returns the error if the handler cannot be loaded. */
  async warmUp(): Promise<FunctionError | undefined> {
    return this.#all.size > 0 ? undefined : this.#startAnother();
  }

  /** Stops every environment, including running invocations. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (let run = this.#waiting.shift(); run; run = this.#waiting.shift())
      run.resolve({ outcome: { error: STOPPED } });
    await Promise.all([...this.#all].map((environment) => environment.stop()));
  }

  readonly #assign = (): void => {
    if (this.#isStopped) return;
    while (this.#waiting.count > 0) {
      const environment = this.#environmentWithRoom();
      if (!environment) break;
      environment.run(this.#waiting.shift() as PendingRun);
    }
    while (this.#needsAnother()) void this.#startAnother();
    if (this.#waiting.count > 0) this.#after(BUSY_MILLISECONDS_MAX, this.#assign);
  };

  #environmentWithRoom(): Environment | undefined {
    const average = this.#average.milliseconds;
    for (const environment of this.#all) {
      const { taskCount } = environment;
      if (taskCount === 0 || taskCount >= TASKS_MAX || this.#stalled.has(environment)) continue;
      if (taskCount * average >= WAIT_MILLISECONDS_MAX) continue;
      this.#after(STALL_MILLISECONDS, this.#moveStalled);
      return environment;
    }
    return this.#isSaturated() ? undefined : this.#idle.take();
  }

  /** Whether a busy environment runs events faster than the emulator can send them. */
  #isSaturated(): boolean {
    return TASKS_MAX * this.#average.milliseconds < WAIT_MILLISECONDS_MAX && this.#isRunning();
  }

  #isRunning(): boolean {
    return [...this.#all].some((environment) => environment.taskCount > 0 && !this.#stalled.has(environment));
  }

  #needsAnother(): boolean {
    const count = this.#all.size;
    if (this.#waiting.count <= this.#starting || count >= ENVIRONMENTS_MAX) return false;
    if (count < EAGER_ENVIRONMENTS_MAX) return !this.#isSaturated() && !this.#endSoon();
    return this.#starting === 0 && performance.now() - this.#lastEndAt >= BUSY_MILLISECONDS_MAX;
  }

  /** Whether the waiting events will have ended before another environment has started. */
  #endSoon(): boolean {
    const { milliseconds } = this.#average;
    const isShort = milliseconds < WAIT_MILLISECONDS_MAX && this.#waiting.count * milliseconds < STALL_MILLISECONDS;
    return isShort && this.#isRunning();
  }

  readonly #moveStalled = (): void => {
    const withWaiting = [...this.#all].filter(({ taskCount }) => taskCount > 1);
    for (const environment of withWaiting) {
      if (environment.busyMilliseconds < STALL_MILLISECONDS) continue;
      this.#stalled.add(environment);
      this.#waiting.putBack(environment.withdraw());
    }
    if (withWaiting.some((environment) => !this.#stalled.has(environment))) {
      this.#after(STALL_MILLISECONDS, this.#moveStalled);
    }
    this.#assign();
  };

  async #startAnother(): Promise<FunctionError | undefined> {
    const startedAt = performance.now();
    const environment = this.#create();
    this.#all.add(environment);
    this.#starting += 1;
    const error = await environment.start();
    this.#starting -= 1;
    if (error) {
      this.#all.delete(environment);
      this.#waiting.shift()?.resolve({ outcome: { error } });
    } else {
      this.#initMilliseconds.set(environment, performance.now() - startedAt);
      this.#idle.add(environment);
    }
    this.#assign();
    return error;
  }

  #create(): Environment {
    const { data, memoryMegabytes, variables, time, onLog } = this.#options;
    const { initMillisecondsMax = INIT_MILLISECONDS_MAX } = this.#options;
    const environment: Environment = new ExecutionEnvironment({
      data,
      memoryMegabytes,
      variables: { ...variables, AWS_LAMBDA_LOG_STREAM_NAME: newLogStreamName() },
      initMillisecondsMax,
      time,
      onLog,
      onStart: ({ event }) =>
        this.#options.onStart(event.requestId, { initMilliseconds: this.#initMilliseconds.get(environment) }),
      onEnd: (task, ended) => this.#onEnd(environment, task, ended),
      onExit: (tasks) => this.#onExit(environment, tasks),
    });
    return environment;
  }

  #onEnd(environment: Environment, { resolve }: PendingRun, { outcome, milliseconds }: EndedEvent): void {
    const { memoryBytes, taskCount, isAlive } = environment;
    const initMilliseconds = this.#initMilliseconds.get(environment);
    resolve({ outcome, figures: { milliseconds, memoryBytes, initMilliseconds } });
    this.#initMilliseconds.delete(environment);
    this.#stalled.delete(environment);
    this.#lastEndAt = performance.now();
    this.#average.add(milliseconds);
    if (!isAlive) return;
    if (taskCount === 0) this.#idle.add(environment);
    this.#assign();
  }

  /** The events that the environment has not started run in others. */
  #onExit(environment: Environment, tasks: readonly PendingRun[]): void {
    this.#remove(environment);
    this.#waiting.putBack(tasks);
    this.#assign();
  }

  #remove(environment: Environment): void {
    this.#all.delete(environment);
    this.#stalled.delete(environment);
    this.#idle.remove(environment);
  }

  /** Calls a method once after a delay, unless a call of it is pending. */
  #after(milliseconds: number, call: () => void): void {
    if (this.#timers.has(call)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(call);
      call();
    }, milliseconds);
    this.#timers.set(call, timer);
  }
}
