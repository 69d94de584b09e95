import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BackingServices, startBackingServices } from "../fan-out/backing-services.ts";
import { CPU_SHARE } from "../fan-out/lambda-process.ts";
import { CHAT_TABLE, textbookTable } from "../fan-out/seed.ts";
import { bundle, bundleWithDefaults, inTemporaryDirectory } from "../harness/bundle.ts";
import { endChild, request, startChild } from "../harness/child-process.ts";
import { limitCpu } from "../harness/cpu-share.ts";
import { median } from "../harness/measurement.ts";
import { ENTRIES, eventFor } from "./events.ts";
import type { CallResult, LoadTimes } from "./start.ts";

/** The cold start of a function, as medians of several processes. */
export interface ColdStart {
  readonly entry: string;
  readonly by: "chat" | "textbook";
  /** The size of the bundle. */
  readonly bytes: number;
  readonly loadMilliseconds: number;
  /** CPU time, which other processes on this machine affect less. */
  readonly loadCpuMilliseconds: number;
  /** The first call, with the share of a core that Lambda gives the function. */
  readonly callMilliseconds: number;
  readonly callCpuMilliseconds: number;
  /** The cold start: the load and the first call, for which the first client waits. */
  readonly totalMilliseconds: number;
}

interface ColdStartResult extends LoadTimes, CallResult {}

/** The members who receive a message. */
const AUDIENCE = 1;

/** The textbook's `$connect` adds a connection to its table. It has another one, so that the audience stays the same. */
const ELSEWHERE = 2;

/** The functions that the public samples have. */
const TEXTBOOK = ["connect", "disconnect", "default", "send-message"];

interface ColdStartOptions {
  readonly rounds: number;
  /** The path of the Node.js to measure. */
  readonly node: string;
}

/** Starts every function of the chat and of the public samples, in turn and in new processes. */
export const benchColdStarts = (options: ColdStartOptions): Promise<ColdStart[]> =>
  inTemporaryDirectory(async (directory) => {
    const services = await startBackingServices([AUDIENCE, ELSEWHERE], "https");
    try {
      return await playRounds(services, { ...options, directory });
    } finally {
      await services.stop();
    }
  });

interface Case extends Pick<ColdStart, "entry" | "by"> {
  readonly bundle: string;
  readonly results: ColdStartResult[];
}

async function playRounds(
  services: BackingServices,
  { rounds, node, directory }: ColdStartOptions & { readonly directory: string },
): Promise<ColdStart[]> {
  const [starter] = await bundle({ folder: "benchmarks/cold-start", entries: ["start"] }, directory);
  const cases = await bundleCases(directory);
  for (let round = 0; round < rounds; round += 1) {
    for (const one of cases) one.results.push(await startCold(services, { starter, node, round, ...one }));
  }
  return Promise.all(cases.map(coldStartOf));
}

async function bundleCases(directory: string): Promise<Case[]> {
  const chat = await bundle({ folder: "handlers", entries: ENTRIES }, join(directory, "chat"));
  const textbook = await bundleWithDefaults(
    { folder: "benchmarks/fan-out/textbook", entries: TEXTBOOK },
    join(directory, "textbook"),
  );
  const casesOf = (by: Case["by"], entries: readonly string[], bundles: readonly string[]): Case[] =>
    bundles.map((path, index) => ({ by, entry: entries[index] ?? "", bundle: path, results: [] }));
  // Functions that are compared start one after the other.
  return [...casesOf("textbook", TEXTBOOK, textbook), ...casesOf("chat", ENTRIES, chat)].sort(
    (one, other) => ENTRIES.indexOf(one.entry) - ENTRIES.indexOf(other.entry),
  );
}

interface Start extends Case {
  readonly starter: string;
  readonly node: string;
  readonly round: number;
}

/** Each process has a member and a channel of its own, because some functions remove them. */
async function startCold(
  { variables, addMember }: BackingServices,
  { starter, node, round, entry, by, bundle: path }: Start,
): Promise<ColdStartResult> {
  const actor = { connectionId: `${entry}-${by}-${round}=`, channel: `${entry}-${by}-${round}` };
  await addMember(actor);
  const child = startChild(pathToFileURL(starter), [], {
    node,
    flags: [],
    variables: { ...variables, TABLE_NAME: tableFor(entry, by) },
  });
  try {
    const times = await request<LoadTimes>(child, path);
    const endLimit = limitCpu(child, CPU_SHARE);
    const called = await request<CallResult>(child, eventFor(entry, actor)).finally(endLimit);
    const { statusCode = 200, body = "" } = called.result ?? {};
    if (statusCode === 200 && !body.startsWith('{"type":"error"')) return { ...times, ...called };
    throw new Error(
      `The first call of ${entry} returned ${JSON.stringify(called.result)}; it must succeed. If its frame needs other values, add a row to FRAMES in benchmarks/cold-start/events.ts.`,
    );
  } finally {
    await endChild(child);
  }
}

const tableFor = (entry: string, by: ColdStart["by"]): string =>
  by === "chat" ? CHAT_TABLE : textbookTable(entry === "send-message" ? AUDIENCE : ELSEWHERE);

async function coldStartOf({ entry, by, bundle: path, results }: Case): Promise<ColdStart> {
  const of = (time: (result: ColdStartResult) => number): number => median(results.map(time));
  return {
    entry,
    by,
    bytes: (await stat(path)).size,
    loadMilliseconds: of(({ loadMilliseconds }) => loadMilliseconds),
    loadCpuMilliseconds: of(({ loadCpuMilliseconds }) => loadCpuMilliseconds),
    callMilliseconds: of(({ callMilliseconds }) => callMilliseconds),
    callCpuMilliseconds: of(({ callCpuMilliseconds }) => callCpuMilliseconds),
    totalMilliseconds: of(({ loadMilliseconds, callMilliseconds }) => loadMilliseconds + callMilliseconds),
  };
}
