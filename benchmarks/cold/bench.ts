import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { routes, workers } from "../../handlers/routes.ts";
import { compile, compilePlainly } from "../compile.ts";
import { CHAT_TABLE, seedMember, textbookTable } from "../fan-out/audience.ts";
import { type Surroundings, startSurroundings } from "../fan-out/surroundings.ts";
import { median } from "../load/figures.ts";
import { ask, endChild, startChild } from "../servers/child.ts";
import { inTemporaryDirectory } from "../temporary.ts";
import { eventFor } from "./events.ts";
import type { Started } from "./start.ts";

/** How one function starts, as medians of some processes. */
export interface ColdStart {
  readonly entry: string;
  readonly by: "chat" | "textbook";
  /** Of the bundle. */
  readonly bytes: number;
  readonly loadMilliseconds: number;
  readonly callMilliseconds: number;
}

export const ENTRIES: readonly string[] = [...routes, ...workers].map(({ entry }) => entry);

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
  const [starter] = await compile({ folder: "benchmarks/cold", entries: ["start"] }, directory);
  const cases = await compileCases(directory);
  for (let round = 0; round < rounds; round += 1) {
    for (const one of cases) one.all.push(await startCold(surroundings, { starter, node, round, ...one }));
  }
  return Promise.all(cases.map(coldStartOf));
}

async function compileCases(directory: string): Promise<Case[]> {
  const chat = await compile({ folder: "handlers", entries: ENTRIES }, `${directory}/chat`);
  const textbook = await compilePlainly({ folder: "benchmarks/textbook", entries: TEXTBOOK }, `${directory}/textbook`);
  return [
    ...chat.map((bundle, index): Case => ({ by: "chat", entry: ENTRIES[index] ?? "", bundle, all: [] })),
    ...textbook.map((bundle, index): Case => ({ by: "textbook", entry: TEXTBOOK[index] ?? "", bundle, all: [] })),
  ];
}

interface Starting extends Case {
  readonly starter: string;
  readonly node: string;
  readonly round: number;
}

/** Each process has a member and a channel of its own: some functions remove them. */
async function startCold(
  { variables }: Surroundings,
  { starter, node, round, entry, by, bundle }: Starting,
): Promise<Started> {
  const actor = { connectionId: `${entry}-${by}-${round}=`, channel: `${entry}-${by}-${round}` };
  await seedMember(variables.AWS_ENDPOINT_URL_DYNAMODB ?? "", actor);
  const child = startChild(pathToFileURL(starter), [], {
    node,
    flags: [],
    variables: { ...variables, TABLE_NAME: by === "chat" ? CHAT_TABLE : textbookTable(1) },
  });
  try {
    const started = await ask<Started>(child, { bundle, event: eventFor(entry, actor) });
    if ((started.result?.statusCode ?? 200) === 200) return started;
    throw new Error(`The first call of ${entry} came to ${JSON.stringify(started.result)}.`);
  } finally {
    await endChild(child);
  }
}

async function coldStartOf({ entry, by, bundle, all }: Case): Promise<ColdStart> {
  return {
    entry,
    by,
    bytes: (await stat(bundle)).size,
    loadMilliseconds: median(all.map(({ loadMilliseconds }) => loadMilliseconds)),
    callMilliseconds: median(all.map(({ callMilliseconds }) => callMilliseconds)),
  };
}
