import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, compilePlainly } from "../harness/bundle.ts";
import { median } from "../harness/measurement.ts";
import { ask, endChild, startChild } from "../harness/child-process.ts";
import { CHAT_TABLE, textbookTable } from "../fan-out/audience.ts";
import { type Surroundings, startSurroundings } from "../fan-out/backing-services.ts";
import { inTemporaryDirectory } from "../harness/temporary-directory.ts";
import { ENTRIES, eventFor } from "./events.ts";
import type { Started } from "./start.ts";

/** How one function starts, as medians of some processes. */
export interface ColdStart {
  readonly entry: string;
  readonly by: "chat" | "textbook";
  /** Of the bundle. */
  readonly bytes: number;
  readonly loadMilliseconds: number;
  /** What of it the processor worked: others on the machine do not matter to it. */
  readonly loadCpuMilliseconds: number;
  readonly callMilliseconds: number;
}

/** The functions that every public sample has. */
const TEXTBOOK = ["connect", "disconnect", "default", "send-message"];

interface ColdOptions {
  readonly rounds: number;
  /** The Node to start them on. */
  readonly node: string;
}

/** Starts every function of the chat, and those of the textbook, in turn and in fresh processes. */
export const benchCold = (options: ColdOptions): Promise<ColdStart[]> =>
  inTemporaryDirectory(async (directory) => {
    const surroundings = await startSurroundings([1]);
    try {
      return await playRounds(surroundings, { ...options, directory });
    } finally {
      await surroundings.stop();
    }
  });

interface Case extends Pick<ColdStart, "entry" | "by"> {
  readonly bundle: string;
  readonly all: Started[];
}

async function playRounds(
  surroundings: Surroundings,
  { rounds, node, directory }: ColdOptions & { readonly directory: string },
): Promise<ColdStart[]> {
  const [starter] = await compile({ folder: "benchmarks/cold-start", entries: ["start"] }, directory);
  const cases = await compileCases(directory);
  for (let round = 0; round < rounds; round += 1) {
    for (const one of cases) one.all.push(await startCold(surroundings, { starter, node, round, ...one }));
  }
  return Promise.all(cases.map(coldStartOf));
}

async function compileCases(directory: string): Promise<Case[]> {
  const chat = await compile({ folder: "handlers", entries: ENTRIES }, join(directory, "chat"));
  const textbook = await compilePlainly(
    { folder: "benchmarks/fan-out/textbook", entries: TEXTBOOK },
    join(directory, "textbook"),
  );
  const casesOf = (by: Case["by"], entries: readonly string[], bundles: readonly string[]): Case[] =>
    bundles.map((bundle, index) => ({ by, entry: entries[index] ?? "", bundle, all: [] }));
  // Those who are compared start one after the other.
  return [...casesOf("textbook", TEXTBOOK, textbook), ...casesOf("chat", ENTRIES, chat)].sort(
    (one, other) => ENTRIES.indexOf(one.entry) - ENTRIES.indexOf(other.entry),
  );
}

interface Starting extends Case {
  readonly starter: string;
  readonly node: string;
  readonly round: number;
}

/** Each process has a member and a channel of its own: some functions remove them. */
async function startCold(
  { variables, letIn }: Surroundings,
  { starter, node, round, entry, by, bundle }: Starting,
): Promise<Started> {
  const actor = { connectionId: `${entry}-${by}-${round}=`, channel: `${entry}-${by}-${round}` };
  await letIn(actor);
  const child = startChild(pathToFileURL(starter), [], {
    node,
    flags: [],
    variables: { ...variables, TABLE_NAME: by === "chat" ? CHAT_TABLE : textbookTable(1) },
  });
  try {
    const started = await ask<Started>(child, { bundle, event: eventFor(entry, actor) });
    const { statusCode = 200, body = "" } = started.result ?? {};
    if (statusCode === 200 && !body.startsWith('{"type":"error"')) return started;
    throw new Error(`The first call of ${entry} came to ${JSON.stringify(started.result)}.`);
  } finally {
    await endChild(child);
  }
}

async function coldStartOf({ entry, by, bundle, all }: Case): Promise<ColdStart> {
  const of = (time: (one: Started) => number): number => median(all.map(time));
  return {
    entry,
    by,
    bytes: (await stat(bundle)).size,
    loadMilliseconds: of(({ loadMilliseconds }) => loadMilliseconds),
    loadCpuMilliseconds: of(({ loadCpuMilliseconds }) => loadCpuMilliseconds),
    callMilliseconds: of(({ callMilliseconds }) => callMilliseconds),
  };
}
