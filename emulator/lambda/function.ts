import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionConfig } from "../terraform/functions.ts";
import { unpack } from "./archive.ts";
import { ExecutionEnvironment, type Invocation } from "./execution-environment.ts";
import { type Log, logFrom } from "./log.ts";
import type { FunctionError, LogMessage, RuntimeData } from "./runtime.ts";

/** Lambda would start a thousand; on one machine more threads than this only wait for each other. */
const ENVIRONMENTS_MAX = 64;

/**
 * This many are started as soon as all others are busy, as Lambda does. Beyond them, starting one costs more CPU than
 * waiting for one that is about to be free: another is started when for a while none has become free.
 */
const EAGER_ENVIRONMENTS_MAX = 2 * availableParallelism();
const PATIENCE_MILLISECONDS = 100;

const IDLE_MILLISECONDS_MAX = 60_000;

export interface FunctionOptions {
  /** Where the archive is unpacked. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: Log;
}

interface Pending {
  readonly payload: unknown;
  readonly resolve: (invocation: Invocation) => void;
}

/** A Lambda function: as many execution environments as its load asks for, each with one event at a time. */
export class LambdaFunction {
  readonly #config: FunctionConfig;
  readonly #variables: FunctionOptions["variables"];
  readonly #log: (message: LogMessage) => void;
  readonly #data: RuntimeData;
  readonly #environments = new Set<ExecutionEnvironment>();
  /** The timer ends an environment that stays idle. */
  readonly #idle = new Map<ExecutionEnvironment, NodeJS.Timeout>();
  readonly #queue: Pending[] = [];
  #starting = 0;
  #patience: NodeJS.Timeout | undefined;
  #lastFreeAt = 0;

  constructor(config: FunctionConfig, { directory, variables, log }: FunctionOptions) {
    this.#config = config;
    this.#variables = variables;
    this.#log = logFrom(config, log);
    unpack(config.archivePath, directory);
    this.#data = {
      ...locate(config.handler, directory),
      functionName: config.name,
      memoryMegabytes: config.memoryMegabytes,
    };
  }

  /** Runs the function on an event. Never rejects: a function's error is an outcome. */
  invoke(payload: unknown): Promise<Invocation> {
    return new Promise((resolve) => {
      this.#queue.push({ payload, resolve });
      this.#work();
    });
  }

  /** Ends every environment, and with it what runs there. */
  async stop(): Promise<void> {
    const error = { errorType: "Runtime.ExitError", errorMessage: "The function is being stopped", trace: [] };
    for (const { resolve } of this.#queue.splice(0)) resolve({ error });
    for (const timer of [this.#patience, ...this.#idle.values()]) clearTimeout(timer);
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
  }

  #work(): void {
    for (const environment of this.#idle.keys()) {
      const pending = this.#queue.shift();
      if (!pending) return;
      void this.#run(environment, pending);
    }
    while (this.#needsAnother()) void this.#startAnother();
    if (this.#queue.length > 0) this.#patience ??= setTimeout(() => this.#lookAgain(), PATIENCE_MILLISECONDS);
  }

  #lookAgain(): void {
    this.#patience = undefined;
    this.#work();
  }

  #needsAnother(): boolean {
    const count = this.#environments.size;
    if (this.#queue.length <= this.#starting || count >= ENVIRONMENTS_MAX) return false;
    if (count < EAGER_ENVIRONMENTS_MAX) return true;
    return this.#starting === 0 && Date.now() - this.#lastFreeAt >= PATIENCE_MILLISECONDS;
  }

  async #startAnother(): Promise<void> {
    const environment = new ExecutionEnvironment({
      data: this.#data,
      variables: this.#variables,
      onLog: this.#log,
    });
    this.#environments.add(environment);
    this.#starting += 1;
    const error = await environment.start();
    this.#starting -= 1;
    if (error) {
      this.#logError(error);
      this.#queue.shift()?.resolve({ error });
    }
    this.#settle(environment);
    this.#work();
  }

  async #run(environment: ExecutionEnvironment, { payload, resolve }: Pending): Promise<void> {
    clearTimeout(this.#idle.get(environment));
    this.#idle.delete(environment);
    const startedAt = Date.now();
    const deadline = startedAt + this.#config.timeoutSeconds * 1000;
    const requestId = randomUUID();
    const invocation = await environment.run({ requestId, payload, startedAt, deadline });
    if ("error" in invocation) this.#logError(invocation.error, requestId);
    this.#settle(environment);
    resolve(invocation);
    this.#work();
  }

  /** As Lambda does with what a handler did not catch. */
  #logError({ errorType, errorMessage, trace }: FunctionError, requestId?: string): void {
    const message = { errorType, errorMessage, stackTrace: trace };
    this.#log({ kind: "log", level: "ERROR", message, requestId });
  }

  /** Keeps an environment for the next event, or forgets it when its thread has ended. */
  #settle(environment: ExecutionEnvironment): void {
    this.#lastFreeAt = Date.now();
    if (!environment.isAlive) {
      this.#environments.delete(environment);
      return;
    }
    const retire = setTimeout(() => {
      this.#idle.delete(environment);
      this.#environments.delete(environment);
      void environment.stop();
    }, IDLE_MILLISECONDS_MAX);
    this.#idle.set(environment, retire.unref());
  }
}

/** Finds the module that `file.export` names, as Lambda's runtime does. */
function locate(handler: string, directory: string): Pick<RuntimeData, "moduleUrl" | "exportName"> {
  const dot = handler.lastIndexOf(".");
  const file = handler.slice(0, dot);
  const path = [".mjs", ".js", ".cjs"].map((ending) => join(directory, file + ending)).find((path) => existsSync(path));
  if (!path) throw new Error(`The handler ${handler} names no module of its archive: there is no ${file}.mjs in it.`);
  return { moduleUrl: pathToFileURL(path).href, exportName: handler.slice(dot + 1) };
}
