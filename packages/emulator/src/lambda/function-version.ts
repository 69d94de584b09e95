import { rmSync } from "node:fs";
import type { FunctionConfig } from "../terraform/functions.ts";
import { fingerprintOf, hasSourceMaps, unpack } from "./archive.ts";
import { EnvironmentPool } from "./environment-pool.ts";
import { filteredLog, type Log } from "./log.ts";
import { parseNodeOptions } from "./node-options.ts";
import type { PublicHosts } from "./public-hosts.ts";
import type { FunctionError, LogMessage } from "./runtime-messages.ts";

export interface VersionOptions {
  /** The folder in which the archive is unpacked. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly publicHosts?: PublicHosts;
  readonly log: Log;
  /** Also logs metrics, and the START, END and REPORT lines of Lambda, at any system log level. */
  readonly verbose?: boolean;
  /** The longest time that a handler may take to load; default: 10 seconds, as in Lambda. */
  readonly initMillisecondsMax?: number | undefined;
}

/** The code and configuration of a function at one time, with the execution environments that run it. */
export class FunctionVersion {
  readonly config: FunctionConfig;
  readonly variables: Readonly<Record<string, string>>;
  /** Differs from that of another version if the archives differ. */
  readonly fingerprint: string;
  readonly environments: EnvironmentPool;
  readonly log: (message: LogMessage) => void;
  readonly #directory: string;
  #running = 0;
  #onIdle: (() => void) | undefined;

  /** Throws if the archive cannot be read. */
  constructor(config: FunctionConfig, { directory, variables, publicHosts = {}, ...options }: VersionOptions) {
    const { log, verbose = false, initMillisecondsMax } = options;
    this.config = config;
    this.variables = variables;
    this.log = filteredLog(config, log);
    this.#directory = directory;
    this.fingerprint = fingerprintOf(config.archivePath);
    unpack(config.archivePath, directory);
    this.environments = new EnvironmentPool({
      initMillisecondsMax,
      data: {
        taskRoot: directory,
        handler: config.handler,
        functionArn: config.arn,
        functionName: config.name,
        publicHosts,
        nodeOptions: variables.NODE_OPTIONS,
        measuresMemory: verbose,
        hasSourceMaps: hasSourceMaps(directory),
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
    });
  }

  /** Counts an invocation until it has finished, so that `retire` waits for it. */
  async track<Result>(invocation: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      return await invocation();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
    }
  }

  /** Loads the handler in one environment, for the next invocation. Returns the error if the handler cannot be loaded. */
  async warmUp(): Promise<FunctionError | undefined> {
    const acquired = await this.environments.acquire();
    if ("error" in acquired) return acquired.error;
    this.environments.release(acquired.environment);
    return undefined;
  }

  /** Stops the environments when the running invocations have finished. */
  async retire(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Stops the environments, including running invocations. */
  stop(): Promise<void> {
    return this.environments.stop();
  }
}
