import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDynamodb } from "./dynamodb/dynamodb.ts";
import type { StoreOptions } from "./dynamodb/store.ts";
import { Api } from "./gateway/api.ts";
import { createGatewayServer, serve } from "./gateway/gateway.ts";
import { createFunctions } from "./lambda/functions.ts";
import type { Log } from "./lambda/log.ts";
import { variablesOf } from "./lambda/variables.ts";
import { close, LOOPBACK, listen } from "./listen.ts";
import type { Queue } from "./queue.ts";
import type { FunctionConfig } from "./terraform/functions.ts";
import { readStack } from "./terraform/stack.ts";

export interface EmulatorOptions extends StoreOptions {
  /** A synthesized stack: the folder that holds its `cdk.tf.json`. */
  readonly stackDirectory: string;
  /** Where clients connect; any free port when 0 or not given. */
  readonly port?: number;
  /** Takes what the functions log. */
  readonly log?: Log;
  /** Functions also log Lambda's START, END and REPORT lines. */
  readonly verbose?: boolean;
  /** Epoch milliseconds; the real clock when not given. */
  readonly now?: () => number;
}

export interface Emulator {
  /** Where clients connect. */
  readonly url: string;
  /** The address under which `/@connections/{connectionId}` is. */
  readonly managementUrl: string;
  /** The DynamoDB that the functions use, for who wants to look. */
  readonly dynamodbUrl: string;
  /** By name: what the functions could not do. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** For a person: what keeps the items, and what becomes of them. */
  readonly store: string;
  /** Rejects when a part breaks down that it cannot do without, and never resolves. */
  readonly broken: Promise<never>;
  /** Hangs up on everybody, lets `$disconnect` run, and frees all it holds. */
  stop(): Promise<void>;
}

/** What closes the parts that are open, in the order they were opened. */
type Closers = (() => Promise<void> | void)[];

/**
 * Plays a synthesized stack on this machine. Any number may run side by side in a process.
 * Throws, with a sentence for a person, at a stack it cannot play, a port in use or a store that does not open.
 */
export async function start(options: EmulatorOptions): Promise<Emulator> {
  const closers: Closers = [];
  const stop = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    return { ...(await open(options, closers)), stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

async function open(options: EmulatorOptions, closers: Closers): Promise<Omit<Emulator, "stop">> {
  const { port = 0, now = Date.now, log = () => undefined } = options;
  const stack = readStack(options.stackDirectory);
  const dynamodb = await startDynamodb({ ...options, ...stack, now });
  closers.push(dynamodb.stop);
  const server = createGatewayServer();
  const address = `${LOOPBACK}:${await listen(server, port)}/${stack.stageName}`;
  closers.push(() => close(server));
  const endpoints = { dynamodb: dynamodb.url, management: `http://${address}` };
  const directory = mkdtempSync(join(tmpdir(), "emulator-"));
  closers.push(() => rmSync(directory, { recursive: true }));
  const { region } = stack;
  const variables = (config: FunctionConfig) => variablesOf(config, { region, endpoints });
  const { functions, queues, stop } = createFunctions(stack, { ...options, directory, variables, log, now });
  closers.push(stop);
  closers.push(serve(new Api(stack, { functions, now }), server));
  return {
    url: `ws://${address}`,
    managementUrl: endpoints.management,
    dynamodbUrl: dynamodb.url,
    store: dynamodb.description,
    queues,
    broken: dynamodb.broken,
  };
}
