import { join } from "node:path";
import type { Observe } from "../inspector/events.ts";
import { Queue } from "../queue.ts";
import type { FunctionConfig } from "../terraform/functions.ts";
import type { Stack } from "../terraform/stack.ts";
import type { Deliver } from "./asynchronous-events.ts";
import { type FunctionOptions, LambdaFunction } from "./function.ts";
import type { FunctionVersion } from "./function-version.ts";
import type { Log } from "./log.ts";

export interface FunctionsOptions
  extends Pick<
    FunctionOptions,
    "verbose" | "now" | "time" | "observe" | "publicHosts" | "wait" | "initMillisecondsMax"
  > {
  /** The folder in which archives are unpacked, each into its own subfolder. */
  readonly directory: string;
  readonly variables: VariablesOf;
  readonly log: Log;
}

/** Returns the environment variables of a function. */
export type VariablesOf = (config: FunctionConfig) => Readonly<Record<string, string>>;

export type FunctionsStack = Pick<Stack, "functions" | "queues">;

/** The functions of a stack, and the queues that receive failed events. The maps always show the current state. */
export interface Functions {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** By name. */
  readonly queues: ReadonlyMap<string, Queue>;
  /**
   * Unpacks what has changed in another state of the stack, and loads the handlers of functions that are in use. Rejects
   * if an archive cannot be read or a handler cannot be loaded; then nothing has changed.
   */
  prepare(next: FunctionsStack, variables: VariablesOf): Promise<FunctionsUpdate>;
  stop(): Promise<void>;
}

/** A prepared change, which has no effect before `commit`. */
export interface FunctionsUpdate {
  /** All functions of the next state. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** The names of existing functions whose code or configuration changes. */
  readonly changed: readonly string[];
  commit(): void;
  /** Releases what was prepared. */
  discard(): Promise<void>;
}

/** Throws if an archive cannot be read. */
export function createFunctions(
  stack: FunctionsStack,
  { directory, variables, log, ...options }: FunctionsOptions,
): Functions {
  const queues = new Map<string, Queue>();
  const functions = new Map<string, LambdaFunction>();
  /** Functions that are no longer in the stack, and whose invocations are still running. */
  const removed = new Set<LambdaFunction>();
  const deliver: Deliver = (arn, body, attributes) => {
    [...functions.values()].find(({ config }) => config.arn === arn)?.invokeAsync(body);
    [...queues.values()].find((queue) => queue.arn === arn)?.send(JSON.stringify(body), attributes);
  };
  const create = (config: FunctionConfig, variablesOf: VariablesOf): LambdaFunction =>
    new LambdaFunction(config, {
      ...options,
      directory: join(directory, config.name),
      variables: variablesOf(config),
      log,
      deliver,
    });
  const setQueues = (next: FunctionsStack): void => {
    const known = new Map(queues);
    queues.clear();
    for (const config of next.queues) {
      queues.set(config.name, known.get(config.name) ?? new Queue(config, logMessages(log, options.observe)));
    }
  };
  setQueues(stack);
  for (const config of stack.functions) functions.set(config.name, create(config, variables));
  return {
    functions,
    queues,
    async prepare(next, variablesOf) {
      const prepared = await prepare(next, { functions, variablesOf, create });
      return {
        ...prepared,
        commit() {
          prepared.commit();
          setQueues(next);
          for (const [name, lambda] of functions) {
            if (prepared.functions.has(name)) continue;
            removed.add(lambda);
            void lambda.retire().finally(() => removed.delete(lambda));
          }
          functions.clear();
          for (const [name, lambda] of prepared.functions) functions.set(name, lambda);
        },
      };
    },
    stop: async () => void (await Promise.all([...functions.values(), ...removed].map((lambda) => lambda.stop()))),
  };
}

interface Preparing {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly variablesOf: VariablesOf;
  readonly create: (config: FunctionConfig, variablesOf: VariablesOf) => LambdaFunction;
}

async function prepare(
  { functions: configs }: FunctionsStack,
  { functions, variablesOf, create }: Preparing,
): Promise<FunctionsUpdate> {
  const versions = new Map<LambdaFunction, FunctionVersion>();
  const added: LambdaFunction[] = [];
  const discard = async (): Promise<void> => {
    await Promise.all([...versions.values(), ...added].map((each) => each.retire()));
  };
  try {
    const next = configs.map((config) => {
      const existing = functions.get(config.name);
      const version = existing?.prepare(config, variablesOf(config));
      if (existing && version) versions.set(existing, version);
      const lambda = existing ?? create(config, variablesOf);
      if (!existing) added.push(lambda);
      return [config.name, lambda] as const;
    });
    await Promise.all([...versions].filter(([{ isUsed }]) => isUsed).map(([, version]) => load(version)));
    return {
      functions: new Map(next),
      changed: [...versions.keys()].map(({ config }) => config.name),
      commit() {
        for (const [lambda, version] of versions) lambda.activate(version);
      },
      discard,
    };
  } catch (fault) {
    await discard();
    throw fault;
  }
}

/** Only functions in use are loaded, because loading all of a stack takes seconds. */
async function load(version: FunctionVersion): Promise<void> {
  const error = await version.warmUp();
  if (!error) return;
  const { name } = version.config;
  const at = error.trace?.find((line) => /:\d+:\d+\)?$/.test(line))?.trim();
  throw new Error(
    `The new code of ${name} cannot be loaded: ${error.errorType}: ${error.errorMessage}${at ? ` ${at}` : ""}`,
  );
}

const logMessages =
  (log: Log, observe: Observe | undefined): ConstructorParameters<typeof Queue>[1] =>
  (queue, { body }) => {
    observe?.({ kind: "queued", queue, body });
    log({
      source: queue,
      timestamp: new Date().toISOString(),
      level: "WARN",
      requestId: undefined,
      message: `received ${body}`,
    });
  };
