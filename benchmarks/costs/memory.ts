import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { eventFor } from "../cold-start/events.ts";
import type { CallResult, LoadTimes } from "../cold-start/start.ts";
import { type BackingServices, startBackingServices } from "../fan-out/backing-services.ts";
import { memoryFlags } from "../fan-out/lambda-process.ts";
import { onceEach } from "../fan-out/message-run.ts";
import { CHAT_TABLE } from "../fan-out/seed.ts";
import { eventOf } from "../fan-out/subjects.ts";
import { bundle, inTemporaryDirectory } from "../harness/bundle.ts";
import { endChild, request, startChild } from "../harness/child-process.ts";
import { limitCpu, shareOf } from "../harness/cpu-share.ts";
import { median, monotonic, repeat } from "../harness/measurement.ts";
import { ASSUMPTIONS } from "../simulation/assumptions.ts";
import { billOf, totalOf } from "./bill.ts";
import { type DelayProxy, startDelayProxy } from "./delay-proxy.ts";
import { unitsOf } from "./work.ts";

/** The functions with one size of memory, in milliseconds, as medians. */
export interface MemoryFigures {
  readonly megabytes: number;
  /** The load with a full core and the first call with the share of the memory. */
  readonly coldConnect: number;
  readonly coldSendMessage: number;
  /** Of a warm message, from the start of the function until API Gateway has the first and the last push. */
  readonly firstPush: number;
  readonly lastPush: number;
  /** The duration that Lambda bills for a warm message. */
  readonly duration: number;
  readonly cpu: number;
}

/** What a million warm messages cost. */
export interface MessagePrice {
  readonly gigabyteSeconds: number;
  readonly lambdaDollars: number;
  /** With API Gateway and DynamoDB, without connection minutes, storage, logs and metrics. */
  readonly dollars: number;
}

const MILLION = 1e6;

export function priceOfMillion({ megabytes, duration }: Pick<MemoryFigures, "megabytes" | "duration">): MessagePrice {
  const { reads, writes } = unitsOf({ route: "sendmessage" }, AUDIENCE);
  const gigabyteSeconds = MILLION * (duration / 1_000) * (megabytes / 1_024);
  const lines = billOf({
    messages: MILLION * (1 + AUDIENCE),
    invocations: MILLION,
    gigabyteSeconds,
    readUnits: MILLION * reads,
    writeUnits: MILLION * writes,
    ...{ connectionMinutes: 0, storedGigabytes: 0, logGigabytes: 0, metricMonths: 0 },
  });
  const lambdaDollars = totalOf(lines.filter(({ service }) => service === "Lambda"));
  return { gigabyteSeconds, lambdaDollars, dollars: totalOf(lines) };
}

export interface MemoryOptions {
  readonly megabytes: readonly number[];
  /** How often each function is started with each size, in turn. */
  readonly rounds: number;
  /** The warm messages of each start that are measured. */
  readonly messages: number;
  /** The path of the Node.js to measure. */
  readonly node: string;
}

/** The recipients of a message. */
export const AUDIENCE = 10;

/** The round trips to the table and to API Gateway. The services on this machine answer at once, and a proxy adds these. */
export const NETWORK = {
  table: ASSUMPTIONS.latencies.table.median,
  push: ASSUMPTIONS.latencies.push.median,
};

/** With a full core, so that V8 has compiled the function as in one that has been in use. */
const WARM_UP_MESSAGES = 40;

/** Longer than a period of the CPU limit, so that no message pays for the CPU time of the one before. */
const PAUSE_MILLISECONDS = 60;

/** Measures cold starts and warm messages with each size of memory. */
export const benchMemory = (options: MemoryOptions): Promise<MemoryFigures[]> =>
  inTemporaryDirectory(async (directory) => {
    const services = await startBackingServices([AUDIENCE]);
    const network = await delayed(services.variables);
    try {
      const [starter] = await bundle({ folder: "benchmarks/cold-start", entries: ["start"] }, directory);
      const [connect, sendMessage] = await bundle(
        { folder: "handlers", entries: ["connect", "send-message"] },
        join(directory, "chat"),
      );
      const { node } = options;
      const { variables } = network;
      return await playRounds({ services, starter, node, variables, connect, sendMessage }, options);
    } finally {
      network.stop();
      await services.stop();
    }
  });

interface Bench {
  readonly services: BackingServices;
  readonly starter: string;
  readonly node: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly connect: string;
  readonly sendMessage: string;
}

type Run = Omit<MemoryFigures, "megabytes">;

async function playRounds(bench: Bench, { megabytes, rounds, messages }: MemoryOptions): Promise<MemoryFigures[]> {
  const cases = megabytes.map((size) => ({ megabytes: size, runs: [] as Run[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of cases) {
      const connectionId = `connect-${round}-${one.megabytes}=`;
      const coldConnect = await coldStart(bench, one.megabytes, connectionId);
      one.runs.push({ coldConnect, ...(await sendMessages(bench, one.megabytes, messages)) });
    }
  }
  return cases.map(({ megabytes: size, runs }) => ({ megabytes: size, ...mediansOf(runs) }));
}

function mediansOf(runs: readonly Run[]): Run {
  const of = (figure: keyof Run): number => median(runs.map((run) => run[figure]));
  return {
    coldConnect: of("coldConnect"),
    coldSendMessage: of("coldSendMessage"),
    firstPush: of("firstPush"),
    lastPush: of("lastPush"),
    duration: of("duration"),
    cpu: of("cpu"),
  };
}

function coldStart(bench: Bench, megabytes: number, connectionId: string): Promise<number> {
  return inFunction(bench, { megabytes, path: bench.connect }, async ({ load, limited, call }) => {
    const event = eventFor("connect", { connectionId, channel: "" });
    const { callMilliseconds } = await limited(() => call(event));
    return load.loadMilliseconds + callMilliseconds;
  });
}

function sendMessages(bench: Bench, megabytes: number, messages: number): Promise<Omit<Run, "coldConnect">> {
  return inFunction(bench, { megabytes, path: bench.sendMessage }, async ({ load, limited, call }) => {
    const event = eventOf(AUDIENCE);
    const first = await limited(() => call(event));
    await repeat(WARM_UP_MESSAGES, () => call(event));
    const warm = await limited(() => repeat(messages, () => warmMessage(bench.services, () => call(event))));
    const of = (figure: keyof (typeof warm)[number]): number => median(warm.map((message) => message[figure]));
    return {
      coldSendMessage: load.loadMilliseconds + first.callMilliseconds,
      firstPush: of("firstPush"),
      lastPush: of("lastPush"),
      duration: of("duration"),
      cpu: of("cpu"),
    };
  });
}

async function warmMessage({ received }: BackingServices, call: () => Promise<CallResult>) {
  await sleep(PAUSE_MILLISECONDS);
  await received("all");
  const startedAt = monotonic();
  const { callMilliseconds, callCpuMilliseconds } = await call();
  const { pushes } = await received("all");
  const times = onceEach(Object.values(pushes), AUDIENCE).map((at) => at - startedAt);
  return {
    firstPush: Math.min(...times),
    lastPush: Math.max(...times),
    duration: Math.ceil(callMilliseconds),
    cpu: callCpuMilliseconds,
  };
}

interface RunningFunction {
  readonly load: LoadTimes;
  /** Runs an action while the function has the share of a core that its memory buys. */
  limited<Result>(act: () => Promise<Result>): Promise<Result>;
  /** Rejects unless the function succeeds. */
  call(event: object): Promise<CallResult>;
}

/** Starts a function in a new process, and ends it after the action. */
async function inFunction<Result>(
  { starter, node, variables }: Bench,
  { megabytes, path }: { readonly megabytes: number; readonly path: string },
  act: (running: RunningFunction) => Promise<Result>,
): Promise<Result> {
  const child = startChild(pathToFileURL(starter), [], {
    node,
    flags: memoryFlags(megabytes),
    variables: { ...variables, TABLE_NAME: CHAT_TABLE },
  });
  try {
    return await act({
      load: await request<LoadTimes>(child, path),
      limited: (limited) => {
        const endLimit = limitCpu(child, shareOf(megabytes));
        return limited().finally(endLimit);
      },
      async call(event) {
        const called = await request<CallResult>(child, event);
        if ((called.result?.statusCode ?? 200) === 200) return called;
        throw new Error(`The function returned ${JSON.stringify(called.result)}; it must succeed.`);
      },
    });
  } finally {
    await endChild(child);
  }
}

/** Puts proxies in front of the services, and returns the variables with their addresses. */
async function delayed(variables: BackingServices["variables"]) {
  const { AWS_ENDPOINT_URL_DYNAMODB: table = "", AWS_ENDPOINT_URL_LAMBDA: gateway = "" } = variables;
  const proxies: [string, DelayProxy][] = [
    [table, await startDelayProxy(table, NETWORK.table)],
    [gateway, await startDelayProxy(gateway, NETWORK.push)],
  ];
  const through = (value: string): string =>
    proxies.reduce((text, [url, proxy]) => text.replace(url, proxy.url), value);
  return {
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, through(value)])),
    stop() {
      for (const [, proxy] of proxies) proxy.stop();
    },
  };
}
