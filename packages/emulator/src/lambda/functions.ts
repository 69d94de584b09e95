import { join } from "node:path";
import type { Observe } from "../inspector/events.ts";
import { Queue } from "../queue.ts";
import type { FunctionConfig } from "../terraform/functions.ts";
import type { Stack } from "../terraform/stack.ts";
import type { Deliver } from "./asynchronous-events.ts";
import { type FunctionOptions, LambdaFunction } from "./function.ts";
import type { Log } from "./log.ts";

export interface FunctionsOptions
  extends Pick<FunctionOptions, "verbose" | "now" | "observe" | "publicHosts" | "wait"> {
  /** The folder in which archives are unpacked, each into its own subfolder. */
  readonly directory: string;
  readonly variables: (config: FunctionConfig) => Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface Functions {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** By name. */
  readonly queues: ReadonlyMap<string, Queue>;
  stop(): Promise<void>;
}

/** Creates the functions of a stack, and the queues that receive failed events. */
export function createFunctions(
  stack: Pick<Stack, "functions" | "queues">,
  { directory, variables, log, ...options }: FunctionsOptions,
): Functions {
  const queues = stack.queues.map((config) => new Queue(config, logMessages(log, options.observe)));
  const deliver: Deliver = (arn, body, attributes) => {
    functions.find(({ config }) => config.arn === arn)?.invokeAsync(body);
    queues.find((queue) => queue.arn === arn)?.send(JSON.stringify(body), attributes);
  };
  const functions: LambdaFunction[] = stack.functions.map(
    (config) =>
      new LambdaFunction(config, {
        ...options,
        directory: join(directory, config.name),
        variables: variables(config),
        log,
        deliver,
      }),
  );
  return {
    functions: new Map(functions.map((lambda) => [lambda.config.name, lambda])),
    queues: new Map(queues.map((queue) => [queue.name, queue])),
    stop: async () => void (await Promise.all(functions.map((lambda) => lambda.stop()))),
  };
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
