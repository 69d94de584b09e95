import type { RequestListener } from "node:http";
import { containedClock, containment } from "./boundary.ts";
import { type Clock, MovableClock, realClock } from "./clock.ts";
import { openDataFolder, startInventory } from "./data-folder.ts";
import { startDebugger } from "./debugger.ts";
import { startDynamodb } from "./dynamodb/dynamodb.ts";
import type { StoreOptions } from "./dynamodb/store.ts";
import { EmulatedTime } from "./emulated-time.ts";
import { openEndpoint, serveEndpoint } from "./endpoint.ts";
import { accessLog } from "./gateway/access-log.ts";
import { Api } from "./gateway/api.ts";
import { journalIn } from "./gateway/connection-journal.ts";
import { disconnectStale } from "./gateway/disconnect.ts";
import { createGatewayServer, forbid, serve } from "./gateway/gateway.ts";
import { close, LOOPBACK, listen } from "./http-server.ts";
import { principalsOf } from "./iam/authenticate.ts";
import type { Observe } from "./inspector/events.ts";
import { observation } from "./inspector/observers.ts";
import { inspectorUrlOf, withInspector } from "./inspector/server.ts";
import { openFunctionUrls } from "./lambda/function-url/function-urls.ts";
import type { Log } from "./lambda/log.ts";
import { allowsNames, managementNames, otherNames } from "./lambda/public-hosts.ts";
import type { Queue } from "./queue.ts";
import { type Scheduler, startScheduler } from "./scheduler/scheduler.ts";
import { guardOf, secretStoreOf, servicesOf } from "./services.ts";
import type { StackChanges } from "./stack-changes.ts";
import { stackReader } from "./stack-reader.ts";
import { startFunctions } from "./start-functions.ts";
import type { FunctionConfig } from "./terraform/functions.ts";
import type { Source } from "./terraform/language/source.ts";
import type { Stack, StackOptions } from "./terraform/stack.ts";
import { type Deployment, guardDataOf, stackUpdater } from "./update.ts";

export interface EmulatorOptions extends StoreOptions, Pick<StackOptions, "variables" | "variableFiles"> {
  /** The folder of the stack, which contains the `.tf` or `.tf.json` files. */
  readonly stackDirectory: string;
  /** The port for clients; 0, the default, is any free port. */
  readonly port?: number;
  /** Receives the logs of functions, and errors of the emulator. */
  readonly log?: Log;
  /** Receives the lines of the access log; default: they go to `log`. */
  readonly logAccess?: (line: string) => void;
  /** The clock of API Gateway, of TTL and of EventBridge Scheduler; default: the system clock. `advance` also moves it. */
  readonly clock?: Clock;
  /** Verifies signatures, and evaluates policies and permissions; default: true. */
  readonly iam?: boolean;
  /** Enforces the throttling limits of the stage; default: true. */
  readonly throttle?: boolean;
  /** Also logs metrics, and the START, END and REPORT lines of Lambda; default: false. */
  readonly verbose?: boolean;
  /** Answers HTTP requests on the port for clients that are outside the stage; default: they get a 403. */
  readonly serveElsewhere?: RequestListener;
  /** Serves the inspector page, and keeps a history of events for it; default: false. */
  readonly inspector?: boolean;
  /** Receives what happens: connections, frames, pushes, invocations, denials. */
  readonly observe?: Observe;
  /** A port for debuggers, 0 for any free one. Functions then have no timeouts; default: debuggers cannot attach. */
  readonly inspectPort?: number | undefined;
  /** Returns the archive of a function, a zip file or a folder; default: the one in the Terraform. */
  readonly archiveOf?: (config: FunctionConfig) => string;
}

export interface Emulator {
  /** The stack that runs. Another one after an update. */
  readonly stack: Stack;
  /** The files and folders that the Terraform was last read from, also if it was refused. */
  readonly sources: readonly Source[];
  /** The address for WebSocket clients. */
  readonly url: string;
  /** The base address of `/@connections/{connectionId}`. */
  readonly managementUrl: string;
  /** The DynamoDB that the functions use. */
  readonly dynamodbUrl: string;
  /** The endpoint of DynamoDB, Lambda, EventBridge and Secrets Manager. */
  readonly endpointUrl: string;
  /** The address of each function URL, by the name of its function. */
  readonly functionUrls: ReadonlyMap<string, string>;
  /** The address of the inspector page; undefined if it is off, or if the stage has its path. */
  readonly inspectorUrl: string | undefined;
  /** The port for debuggers. Undefined without `inspectPort`. */
  readonly inspectPort: number | undefined;
  /** The SQS queues of the stack, by name. They receive events that functions failed to process. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** Functions that invoke the target of a schedule now, by the name of the schedule. */
  readonly schedules: Scheduler["schedules"];
  /** A description of where items are stored, for users. */
  readonly store: string;
  /** Rejects if the emulator cannot continue, for example because its DynamoDB failed. Never resolves. */
  readonly broken: Promise<never>;
  /**
   * Applies changed Terraform and code without closing a connection. Later events use the new state, and running
   * invocations finish on the old one. `stackDirectory` is the folder of the stack; default: the current one. Rejects
   * with all reasons, and changes nothing, if the stack is refused or requires a restart, or if the new code of a
   * function that has been invoked cannot be loaded.
   */
  update(stackDirectory?: string): Promise<StackChanges>;
  /**
   * Like `update`, but reads only the archives of functions, and the sources of an `archive_file`. Resolves with the names
   * of functions that have changed.
   */
  reload(): Promise<readonly string[]>;
  /** The time of the functions, in epoch milliseconds: the system time, unless it was advanced. */
  now(): number;
  /**
   * Moves the time forward by milliseconds, for everything that the emulator runs. Resolves when expired items are deleted,
   * and everything that became due has started, such as the close of idle connections and schedules.
   */
  advance(milliseconds: number): Promise<void>;
  /** Closes every connection, runs `$disconnect` for each, and releases all resources. */
  stop(): Promise<void>;
}

/** Functions that close the open parts, in the order in which the parts were opened. */
type Closers = (() => Promise<void> | void)[];

/**
 * Runs a stack on this machine. Any number of emulators can run in one process.
 * Rejects with an explanation if the stack is refused, the port is in use, or the store cannot be opened.
 */
export async function start(options: EmulatorOptions): Promise<Emulator> {
  const closers: Closers = [];
  const stop = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    // A spread would replace the getters by their first values.
    return Object.assign(await open(options, closers), { stop });
  } catch (fault) {
    await stop();
    throw fault;
  }
}

async function open(options: EmulatorOptions, closers: Closers): Promise<Omit<Emulator, "stop">> {
  const { port = 0, iam = true, throttle = true, dataDirectory, inspectPort } = options;
  const { history, observe, log, report } = observation(options);
  const contain = containment(report);
  const time = new EmulatedTime();
  const movable = new MovableClock(options.clock ?? realClock, time);
  const clock = containedClock(movable, contain);
  const { read, sources } = stackReader({ ...options, iam });
  const stack = await read(options.stackDirectory);
  if (dataDirectory !== undefined) openDataFolder(dataDirectory);
  const deployment: Deployment = { stack, principals: iam ? principalsOf(stack) : undefined };
  const { now } = clock;
  const dynamodb = await startDynamodb({ ...options, guardData: guardDataOf(deployment), report, time, now });
  if (dataDirectory !== undefined) closers.push(startInventory(dataDirectory));
  closers.push(dynamodb.stop);
  const { server, address, endpoint, urls } = await openPorts(stack, port, closers);
  const addresses = { management: `http://${address}`, others: endpoint.url, functionUrls: urls.hosts };
  const endpoints = { ...addresses, dynamodb: dynamodb.url };
  const debuggers = inspectPort === undefined ? undefined : await startDebugger(inspectPort);
  if (debuggers) closers.push(debuggers.stop);
  const functions = startFunctions(deployment, { ...options, log, observe, time, endpoints, closers });
  const guard = (service: string) => guardOf(service, { deployment, time, report });
  const secretStore = secretStoreOf(stack, dataDirectory);
  const common = { ...functions, secretStore, guard, iam, report, time };
  const services = servicesOf(deployment, { ...common, dynamodbUrl: dynamodb.url });
  serveEndpoint(endpoint.server, { services, report, contain });
  urls.serve({ ...functions, guard: guard("lambda"), contain, now: time.now });
  const scheduler = startScheduler(stack, { ...functions, clock, iam, report, observe });
  closers.push(scheduler.stop);
  const logAccess = accessLog({ logAccess: options.logAccess, deployment, log, report });
  const api = new Api(stack, {
    ...{ ...functions, clock, iam, throttle, guard: guard("execute-api"), logAccess, report, observe },
    ...(dataDirectory !== undefined && { journal: journalIn(dataDirectory) }),
  });
  const inspect = withInspector(history, { api, deployment, dynamodb: dynamodb.client, ...functions, ...scheduler });
  closers.push(serve(api, server, inspect(options.serveElsewhere ?? forbid)));
  await disconnectStale(api);
  if (debuggers) closers.push(debuggers.detach);
  return {
    now: time.now,
    advance: async (milliseconds) => {
      movable.advance(milliseconds);
      await dynamodb.deleteExpired();
    },
    ...stackUpdater(deployment, { ...options, iam, read, endpoints, api, dynamodb, functions, scheduler, secretStore }),
    get stack() {
      return deployment.stack;
    },
    get sources() {
      return sources();
    },
    url: `ws://${address}`,
    managementUrl: endpoints.management,
    dynamodbUrl: dynamodb.url,
    endpointUrl: endpoint.url,
    functionUrls: urls.addresses,
    store: dynamodb.description,
    inspectorUrl: history && inspectorUrlOf(stack.stage.name, address),
    queues: functions.queues,
    schedules: scheduler.schedules,
    inspectPort: debuggers?.port,
    broken: dynamodb.broken,
  };
}

/** Opens the ports, because the functions need their addresses. Requests wait until they are served. */
async function openPorts(stack: Stack, port: number, closers: Closers) {
  const server = createGatewayServer();
  const address = `${LOOPBACK}:${await listen(server, port, allowsNames(managementNames(stack)))}/${stack.stage.name}`;
  closers.push(() => close(server));
  const endpoint = await openEndpoint(allowsNames(otherNames(stack)));
  closers.push(() => close(endpoint.server));
  const urls = await openFunctionUrls(stack);
  closers.push(urls.close);
  return { server, address, endpoint, urls };
}
