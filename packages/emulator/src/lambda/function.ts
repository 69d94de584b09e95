import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { FunctionConfig } from "../terraform/functions.ts";
import { fingerprintOf } from "./archive.ts";
import { AsynchronousEvents, type AsynchronousOptions } from "./asynchronous-events.ts";
import type { Invocation, Outcome } from "./execution-environment.ts";
import { FunctionVersion, type VersionOptions } from "./function-version.ts";
import type { FunctionError } from "./runtime-messages.ts";

export interface FunctionOptions extends VersionOptions, Pick<AsynchronousOptions, "deliver" | "now" | "wait"> {}

/** A Lambda function. Its code and configuration can be replaced while it runs. */
export class LambdaFunction {
  readonly #options: FunctionOptions;
  readonly #events: AsynchronousEvents;
  /** Replaced versions whose invocations are still running. */
  readonly #retired = new Map<FunctionVersion, Promise<void>>();
  #version: FunctionVersion;
  #versionCount = 1;
  #running = 0;
  #isUsed = false;

  /** Throws if the archive cannot be read. */
  constructor(config: FunctionConfig, options: FunctionOptions) {
    this.#options = options;
    this.#version = new FunctionVersion(config, options);
    this.#events = new AsynchronousEvents(config, {
      ...options,
      invoke: (payload, requestId) => this.invoke(payload, requestId),
      warn: (message, requestId) => this.#version.log({ kind: "log", level: "WARN", message, requestId }),
    });
  }

  get config(): FunctionConfig {
    return this.#version.config;
  }

  /** Whether it has been invoked, so that the next invocation should find a warm environment. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /**
   * Unpacks changed code or configuration without running it. Undefined if nothing has changed. Throws if the archive
   * cannot be read.
   */
  prepare(config: FunctionConfig, variables: Readonly<Record<string, string>>): FunctionVersion | undefined {
    const { config: current, variables: currentVariables, fingerprint } = this.#version;
    const { archivePath } = config;
    const isSame = isDeepStrictEqual([{ ...current, archivePath }, currentVariables], [config, variables]);
    if (isSame && fingerprintOf(archivePath) === fingerprint) return undefined;
    this.#versionCount += 1;
    // Modules that are loaded late must come from the same version, so each version has its own folder.
    const directory = `${this.#options.directory}.${this.#versionCount}`;
    return new FunctionVersion(config, { ...this.#options, directory, variables });
  }

  /** Runs the next invocations on another version. Running ones finish on the previous one, which then stops. */
  activate(version: FunctionVersion): void {
    const previous = this.#version;
    this.#version = version;
    this.#events.config = version.config;
    const retired = previous.retire().finally(() => this.#retired.delete(previous));
    this.#retired.set(previous, retired);
  }

  /** Runs the function with an event. Never rejects: an error of the function is an outcome. */
  async invoke(payload: unknown, requestId: string = randomUUID()): Promise<Invocation> {
    if (this.#running >= (this.config.reservedConcurrency ?? Number.POSITIVE_INFINITY)) return { throttled: true };
    this.#running += 1;
    this.#isUsed = true;
    const version = this.#version;
    const outcome = await outcomeOf(version, payload, requestId);
    if ("error" in outcome) logError(version, outcome.error, requestId);
    this.#running -= 1;
    return outcome;
  }

  /** Queues an event, which is retried until it succeeds or reaches a limit. Returns its request id. */
  invokeAsync(payload: unknown): string {
    const requestId = randomUUID();
    this.#events.accept(payload, requestId);
    return requestId;
  }

  /** Stops when the running invocations have finished. Discards asynchronous events that wait for a retry. */
  async retire(): Promise<void> {
    await Promise.all([this.#events.stop(), this.#version.retire()]);
  }

  /** Stops all environments, including running invocations. */
  async stop(): Promise<void> {
    const versions = [this.#version, ...this.#retired.keys()];
    await Promise.all([this.#events.stop(), ...versions.map((version) => version.stop()), ...this.#retired.values()]);
  }
}

function outcomeOf(version: FunctionVersion, event: unknown, requestId: string): Outcome | Promise<Outcome> {
  const payload = jsonOf(event);
  if (payload === undefined) return { error: TOO_DEEP };
  return version.run({ requestId, payload });
}

/** Lambda logs uncaught errors in this format. */
function logError(
  { log }: FunctionVersion,
  { errorType, errorMessage, trace }: FunctionError,
  requestId: string,
): void {
  const message = { errorType, errorMessage, ...(trace && { stackTrace: trace }) };
  log({ kind: "log", level: "ERROR", message, requestId });
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
