import { randomUUID } from "node:crypto";
import { newSpanId, newTraceId } from "../ids.ts";
import type { Observe } from "../inspector/events.ts";
import type { FunctionConfig } from "../terraform/functions.ts";
import { unpack } from "./archive.ts";
import { AsynchronousEvents, type AsynchronousOptions } from "./asynchronous-events.ts";
import { EnvironmentPool } from "./environment-pool.ts";
import type { ExecutionEnvironment, Invocation, Outcome } from "./execution-environment.ts";
import { endLine, filteredLog, initLine, invokedEvent, type Log, reportLine, startLine } from "./log.ts";
import { parseNodeOptions } from "./node-options.ts";
import type { PublicHosts } from "./public-hosts.ts";
import type { FunctionError, LogMessage } from "./runtime-messages.ts";

export interface FunctionOptions extends Pick<AsynchronousOptions, "deliver" | "now" | "wait"> {
  /** The folder in which the archive is unpacked. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly publicHosts?: PublicHosts;
  readonly log: Log;
  /** Receives each finished invocation. */
  readonly observe?: Observe | undefined;
  /** Also logs metrics, and the START, END and REPORT lines of Lambda, at any system log level. */
  readonly verbose?: boolean;
  /** The longest time that a handler may take to load; default: 10 seconds, as in Lambda. */
  readonly initMillisecondsMax?: number;
}

/** A Lambda function. */
export class LambdaFunction {
  readonly config: FunctionConfig;
  readonly #isVerbose: boolean;
  readonly #observe: Observe | undefined;
  readonly #log: (message: LogMessage) => void;
  readonly #logInfo: (text: string, requestId?: string) => void;
  readonly #environments: EnvironmentPool;
  readonly #events: AsynchronousEvents;
  #running = 0;

  constructor(
    config: FunctionConfig,
    { directory, variables, publicHosts = {}, log, verbose = false, ...options }: FunctionOptions,
  ) {
    this.config = config;
    this.#isVerbose = verbose;
    this.#observe = options.observe;
    this.#log = filteredLog(config, log);
    const logAll = filteredLog({ ...config, logLevel: "INFO" }, log);
    this.#logInfo = (message, requestId) => logAll({ kind: "log", level: "INFO", message, requestId });
    unpack(config.archivePath, directory);
    this.#environments = new EnvironmentPool({
      initMillisecondsMax: options.initMillisecondsMax,
      data: {
        taskRoot: directory,
        handler: config.handler,
        functionArn: config.arn,
        functionName: config.name,
        publicHosts,
        nodeOptions: variables.NODE_OPTIONS,
        measuresMemory: verbose,
      },
      memoryMegabytes: config.memoryMegabytes,
      variables: {
        ...variables,
        LAMBDA_TASK_ROOT: directory,
        // The runtime loads the modules of the other options.
        NODE_OPTIONS: parseNodeOptions(variables.NODE_OPTIONS ?? "").others.join(" "),
      },
      onLog: (message) => {
        if (verbose || !message.isMetrics) this.#log(message);
      },
    });
    this.#events = new AsynchronousEvents(config, {
      ...options,
      invoke: (payload, requestId) => this.invoke(payload, requestId),
      warn: (message, requestId) => this.#log({ kind: "log", level: "WARN", message, requestId }),
    });
  }

  /** Runs the function with an event. Never rejects: an error of the function is an outcome. */
  async invoke(payload: unknown, requestId: string = randomUUID()): Promise<Invocation> {
    if (this.#running >= (this.config.reservedConcurrency ?? Number.POSITIVE_INFINITY)) return { throttled: true };
    this.#running += 1;
    const outcome = await this.#outcomeOf(payload, requestId);
    if ("error" in outcome) this.#logError(outcome.error, requestId);
    this.#running -= 1;
    return outcome;
  }

  /** Queues an event, which is retried until it succeeds or reaches a limit. Returns its request id. */
  invokeAsync(payload: unknown): string {
    const requestId = randomUUID();
    this.#events.accept(payload, requestId);
    return requestId;
  }

  /** Stops all environments, including running invocations. */
  async stop(): Promise<void> {
    await Promise.all([this.#events.stop(), this.#environments.stop()]);
  }

  async #outcomeOf(event: unknown, requestId: string): Promise<Outcome> {
    const payload = jsonOf(event);
    if (payload === undefined) return { error: TOO_DEEP };
    const acquired = await this.#environments.acquire();
    return "error" in acquired ? acquired : this.#run(acquired.environment, { payload, requestId, ...acquired });
  }

  async #run(environment: ExecutionEnvironment, { payload, requestId, initMilliseconds }: RunInput): Promise<Outcome> {
    if (this.#isVerbose) {
      if (initMilliseconds !== undefined) this.#logInfo(initLine());
      this.#logInfo(startLine(requestId), requestId);
    }
    const runStart = performance.now();
    const startedAt = Date.now();
    const deadline = startedAt + this.config.timeoutSeconds * 1000;
    const traceId = `${newTraceId(startedAt)};Parent=${newSpanId()};Sampled=0`;
    const event = { requestId, payload, traceId, startedAt, deadline };
    const outcome = await environment.run(event);
    if (this.#isVerbose || this.#observe) this.#report(environment, { requestId, initMilliseconds, runStart, outcome });
    this.#environments.release(environment);
    return outcome;
  }

  #report(
    { memoryBytes }: ExecutionEnvironment,
    { requestId, initMilliseconds, runStart, outcome }: FinishedRun,
  ): void {
    const milliseconds = performance.now() - runStart;
    const { memoryMegabytes } = this.config;
    const error = "error" in outcome ? outcome.error : undefined;
    const report = {
      requestId,
      milliseconds,
      memoryMegabytes,
      memoryBytes,
      initMilliseconds,
      errorType: error?.errorType,
    };
    this.#observe?.(invokedEvent(this.config.name, report, error));
    if (!this.#isVerbose) return;
    this.#logInfo(endLine(requestId), requestId);
    this.#logInfo(reportLine(report), requestId);
  }

  /** Lambda logs uncaught errors in this format. */
  #logError({ errorType, errorMessage, trace }: FunctionError, requestId: string): void {
    const message = { errorType, errorMessage, ...(trace && { stackTrace: trace }) };
    this.#log({ kind: "log", level: "ERROR", message, requestId });
  }
}

const TOO_DEEP: FunctionError = {
  errorType: "InvalidRequestContentException",
  errorMessage: "The event is nested deeper than the emulator can send to a function. Use fewer levels.",
};

/** Undefined if the value is nested too deep for `JSON.stringify`, which parses values that it cannot write. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value ?? null);
  } catch (fault) {
    if (fault instanceof RangeError) return undefined;
    throw fault;
  }
}

interface RunInput {
  /** JSON. */
  readonly payload: string;
  readonly requestId: string;
  readonly initMilliseconds?: number;
}

interface FinishedRun {
  readonly requestId: string;
  readonly initMilliseconds: number | undefined;
  readonly runStart: number;
  readonly outcome: Outcome;
}
