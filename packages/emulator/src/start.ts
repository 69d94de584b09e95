import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { containedClock, containedLines, containedLog, containment } from "./boundary.ts";
import { type Clock, realClock } from "./clock.ts";
import { openDataFolder, startInventory } from "./data-folder.ts";
import { startDynamodb } from "./dynamodb/dynamodb.ts";
import type { StoreOptions } from "./dynamodb/store.ts";
import { openEndpoint, type Services, serveEndpoint } from "./endpoint.ts";
import { Api, disconnectStale } from "./gateway/api.ts";
import { journalIn } from "./gateway/connection-journal.ts";
import { createGatewayServer, forbid, serve } from "./gateway/gateway.ts";
import { close, LOOPBACK, listen } from "./http-server.ts";
import { type Principals, principalsOf } from "./iam/authenticate.ts";
import { allowAll, createGuard, type Guard } from "./iam/guard.ts";
import type { Observe, Report } from "./inspector/events.ts";
import { History } from "./inspector/history.ts";
import { observeAll, observedLog, reportTo } from "./inspector/observers.ts";
import { INSPECTOR_PATH, inspectorListener } from "./inspector/server.ts";
import { linkRuntimePackages } from "./lambda/archive.ts";
import { type Endpoints, variablesOf } from "./lambda/environment-variables.ts";
import { createFunctions, type Functions } from "./lambda/functions.ts";
import { lambdaService } from "./lambda/invoke-api.ts";
import type { Log, LogEntry } from "./lambda/log.ts";
import { allowsNames, managementNames, otherNames, publicHosts } from "./lambda/public-hosts.ts";
import type { Queue } from "./queue.ts";
import { type Scheduler, startScheduler } from "./scheduler/scheduler.ts";
import { secretsManagerService } from "./secrets-manager/api.ts";
import { persistIn, SecretStore } from "./secrets-manager/secret-store.ts";
import { readStack, type Stack } from "./terraform/stack.ts";

export interface EmulatorOptions extends StoreOptions {
  /** The folder of the stack, which contains `cdk.tf.json` or `main.tf.json`. */
  readonly stackDirectory: string;
  /** The port for clients; 0, the default, is any free port. */
  readonly port?: number;
  /** Receives the logs of functions, and errors of the emulator. */
  readonly log?: Log;
  /** Receives the lines of the access log; default: they go to `log`. */
  readonly logAccess?: (line: string) => void;
  /** The clock of API Gateway, DynamoDB and EventBridge Scheduler; default: the system clock. */
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
}

export interface Emulator {
  /** The stack that runs. */
  readonly stack: Stack;
  /** The address for WebSocket clients. */
  readonly url: string;
  /** The base address of `/@connections/{connectionId}`. */
  readonly managementUrl: string;
  /** The DynamoDB that the functions use. */
  readonly dynamodbUrl: string;
  /** The endpoint of Lambda and Secrets Manager. */
  readonly endpointUrl: string;
  /** The address of the inspector page; undefined if it is off, or if the stage has its path. */
  readonly inspectorUrl: string | undefined;
  /** The SQS queues of the stack, by name. They receive events that functions failed to process. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** Functions that invoke the target of a schedule now, by the name of the schedule. */
  readonly schedules: Scheduler["schedules"];
  /** A description of where items are stored, for users. */
  readonly store: string;
  /** Rejects if the emulator cannot continue, for example because its DynamoDB failed. Never resolves. */
  readonly broken: Promise<never>;
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
    return { ...(await open(options, closers)), stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

async function open(options: EmulatorOptions, closers: Closers): Promise<Omit<Emulator, "stop">> {
  const { port = 0, iam = true, throttle = true } = options;
  const history = options.inspector ? new History(Date.now) : undefined;
  const observe = observeAll([history?.observe, options.observe]);
  const unobservedLog = containedLog(options.log ?? (() => undefined));
  const log = observedLog(unobservedLog, observe);
  const report = reportTo({ log: unobservedLog, observe });
  const contain = containment(report);
  const clock = containedClock(options.clock ?? realClock, contain);
  const stack = await readStack(options.stackDirectory, { iam });
  const { dataDirectory } = options;
  if (dataDirectory !== undefined) openDataFolder(dataDirectory);
  const principals = iam ? principalsOf(stack) : undefined;
  const guardData = { place: stack, tables: stack.tables, principals: principals?.all };
  const dynamodb = await startDynamodb({ ...options, guardData, report, now: clock.now });
  if (dataDirectory !== undefined) closers.push(startInventory(dataDirectory));
  closers.push(dynamodb.stop);
  const server = createGatewayServer();
  const address = `${LOOPBACK}:${await listen(server, port, allowsNames(managementNames(stack)))}/${stack.stage.name}`;
  closers.push(() => close(server));
  const endpoint = await openEndpoint(allowsNames(otherNames(stack)));
  closers.push(() => close(endpoint.server));
  const endpoints = { dynamodb: dynamodb.url, management: `http://${address}`, others: endpoint.url };
  const { functions, queues } = startFunctions(stack, { ...options, log, observe, endpoints, principals, closers });
  const guard = (service: string) => guardOf(service, { stack, principals, report });
  const services = servicesOf(stack, { ...options, functions, guard, report });
  serveEndpoint(endpoint.server, { services, report, contain });
  const scheduler = startScheduler(stack, { functions, clock, iam, report, observe });
  closers.push(scheduler.stop);
  const destination = stack.stage.accessLog?.destination ?? "";
  const logAccess = containedLines(
    options.logAccess ?? ((message: string) => log(entry(destination, { level: "INFO", message }))),
    report,
  );
  const api = new Api(stack, {
    ...{ functions, clock, iam, throttle, guard: guard("execute-api"), logAccess, report, observe },
    ...(dataDirectory !== undefined && { journal: journalIn(dataDirectory) }),
  });
  const { schedules } = scheduler;
  const inspector = history && { history, api, stack: () => stack, dynamodb: dynamodb.client, queues, schedules };
  const { serveElsewhere = forbid } = options;
  closers.push(serve(api, server, inspector ? inspectorListener(inspector, serveElsewhere) : serveElsewhere));
  await disconnectStale(api);
  return {
    stack,
    url: `ws://${address}`,
    managementUrl: endpoints.management,
    dynamodbUrl: dynamodb.url,
    endpointUrl: endpoint.url,
    store: dynamodb.description,
    inspectorUrl: inspector && inspectorUrlOf(stack, address),
    queues,
    schedules,
    broken: dynamodb.broken,
  };
}

/** A stage may have the path of the page, because its name can begin with an underscore. Then the API gets the requests. */
const inspectorUrlOf = ({ stage }: Stack, address: string): string | undefined =>
  `/${stage.name}` === INSPECTOR_PATH ? undefined : new URL(INSPECTOR_PATH, `http://${address}`).href;

interface ServicesOptions extends Pick<EmulatorOptions, "dataDirectory"> {
  readonly functions: Functions["functions"];
  /** Creates the guard of a service. */
  readonly guard: (service: string) => Guard;
  readonly report: Report;
}

/** The services that functions can call besides DynamoDB and `@connections`. */
function servicesOf(stack: Stack, { dataDirectory, functions, guard, report }: ServicesOptions): Services {
  const secretStore = new SecretStore(
    stack.secrets,
    dataDirectory === undefined ? undefined : persistIn(dataDirectory),
  );
  const secrets = { secretStore, place: stack, guard: guard("secretsmanager"), report, now: Date.now };
  return {
    lambda: lambdaService({ ...stack, functions, guard: guard("lambda") }),
    secretsmanager: secretsManagerService(secrets),
  };
}

const entry = (source: string, content: Pick<LogEntry, "level" | "message">): LogEntry => ({
  source,
  timestamp: new Date().toISOString(),
  requestId: undefined,
  ...content,
});

interface GuardOptions {
  readonly stack: Stack;
  readonly principals: Principals | undefined;
  readonly report: Report;
}

/**
 * Checks signatures against the system clock, even if the emulator has another clock, because clients sign with the
 * system time.
 */
const guardOf = (service: string, { stack: { region }, principals, report }: GuardOptions): Guard =>
  principals ? createGuard({ service, region, principals: principals.all, now: Date.now, report }) : allowAll;

interface FunctionsSetup {
  readonly endpoints: Endpoints;
  readonly principals: Principals | undefined;
  readonly log: Log;
  readonly observe: Observe | undefined;
  readonly verbose?: boolean;
  readonly closers: Closers;
}

function startFunctions(
  stack: Stack,
  { endpoints, principals, closers, ...options }: FunctionsSetup,
): Pick<Functions, "functions" | "queues"> {
  const directory = mkdtempSync(join(tmpdir(), "emulator-"));
  closers.push(() => rmSync(directory, { recursive: true }));
  linkRuntimePackages(directory);
  const created = createFunctions(stack, {
    ...options,
    directory,
    publicHosts: publicHosts(stack, endpoints),
    variables(config) {
      const credentials = principals?.functions.get(config.name)?.credentials;
      return variablesOf(config, { region: stack.region, endpoints, credentials });
    },
  });
  closers.push(created.stop);
  return created;
}
