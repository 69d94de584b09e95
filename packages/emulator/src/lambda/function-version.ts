import { rmSync } from "node:fs";
import { EmulatedTime } from "../emulated-time.ts";
import type { Observe } from "../inspector/events.ts";
import type { FunctionConfig } from "../terraform/functions.ts";
import { fingerprintOf, hasSourceMaps, unpack } from "./archive.ts";
import { EnvironmentPool, type RunFigures } from "./environment-pool.ts";
import type { Outcome } from "./execution-environment.ts";
import { endLine, filteredLog, initLine, invokedEvent, type Log, reportLine, startLine } from "./log.ts";
import { parseNodeOptions } from "./node-options.ts";
import type { PublicHosts } from "./public-hosts.ts";
import type { FunctionError, LogMessage, RuntimeEvent } from "./runtime-messages.ts";

export interface VersionOptions {
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
  readonly initMillisecondsMax?: number | undefined;
  /** The time of `Date` in the function; default: the system time. */
  readonly time?: EmulatedTime;
}

/** The code and configuration of a function at one time, with the execution environments that run it. */
export class FunctionVersion {
  readonly config: FunctionConfig;
  readonly variables: Readonly<Record<string, string>>;
  /** Differs from that of another version if the archives differ. */
  readonly fingerprint: string;
  readonly log: (message: LogMessage) => void;
  readonly #environments: EnvironmentPool;
  readonly #directory: string;
  readonly #isVerbose: boolean;
  readonly #observe: Observe | undefined;
  readonly #logInfo: (text: string, requestId?: string) => void;
  #running = 0;
  #onIdle: (() => void) | undefined;

  /** Throws if the archive cannot be read. */
  constructor(config: FunctionConfig, { directory, variables, publicHosts = {}, ...options }: VersionOptions) {
    const { log, verbose = false, initMillisecondsMax, time = new EmulatedTime() } = options;
    this.config = config;
    this.variables = variables;
    this.log = filteredLog(config, log);
    const logAll = filteredLog({ name: config.name, logLevel: "INFO" }, log);
    this.#logInfo = (message, requestId) => logAll({ kind: "log", level: "INFO", message, requestId });
    this.#isVerbose = verbose;
    this.#observe = options.observe;
    this.#directory = directory;
    this.fingerprint = fingerprintOf(config.archivePath);
    unpack(config.archivePath, directory);
    this.#environments = new EnvironmentPool({
      initMillisecondsMax,
      time,
      data: {
        taskRoot: directory,
        handler: config.handler,
        functionArn: config.arn,
        functionName: config.name,
        publicHosts,
        nodeOptions: variables.NODE_OPTIONS,
        hasSourceMaps: hasSourceMaps(directory),
        timeoutMilliseconds: config.timeoutSeconds * 1000,
        isVerbose: verbose,
      },
      memoryMegabytes: config.memoryMegabytes,
      variables: {
        ...variables,
        LAMBDA_TASK_ROOT: directory,
        // The runtime loads the modules of the other options.
        NODE_OPTIONS: parseNodeOptions(variables.NODE_OPTIONS ?? "").others.join(" "),
      },
      onLog: (message) => {
        if (verbose || !message.isMetrics) this.log(message);
      },
      onStart: (requestId, { initMilliseconds }) => {
        if (initMilliseconds !== undefined) this.#logInfo(initLine());
        this.#logInfo(startLine(requestId), requestId);
      },
    });
  }

  /** Runs an event. Never rejects. `retire` waits for it. */
  run(event: RuntimeEvent): Promise<Outcome> {
    this.#running += 1;
    return this.#environments.run(event).then((run) => {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
      if ((this.#isVerbose || this.#observe) && run.figures) this.#report(event.requestId, run.figures, run.outcome);
      return run.outcome;
    });
  }

  #report(requestId: string, figures: RunFigures, outcome: Outcome): void {
    const { name, memoryMegabytes } = this.config;
    const error = "error" in outcome ? outcome.error : undefined;
    const report = { ...figures, requestId, memoryMegabytes, errorType: error?.errorType };
    this.#observe?.(invokedEvent(name, report, error));
    if (!this.#isVerbose) return;
    this.#logInfo(endLine(requestId), requestId);
    this.#logInfo(reportLine(report), requestId);
  }

  /** Loads the handler in one environment, for the next invocation. Returns the error if the handler cannot be loaded. */
  warmUp(): Promise<FunctionError | undefined> {
    return this.#environments.warmUp();
  }

  /** Stops the environments when the running invocations have finished. */
  async retire(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Stops the environments, including running invocations. */
  stop(): Promise<void> {
    return this.#environments.stop();
  }
}
