import { randomUUID } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a proxy has checked. */
export interface Tally {
  requests: number;
  policies: number;
  readonly services: Set<string>;
  /** `service operation` */
  readonly operations: Set<string>;
  /** `service member`, of members with a pattern. */
  readonly patterned: Set<string>;
  /** Sentences, each once. */
  readonly violations: Set<string>;
  readonly unreadable: Set<string>;
}

export const emptyTally = (): Tally => ({
  requests: 0,
  policies: 0,
  services: new Set(),
  operations: new Set(),
  patterned: new Set(),
  violations: new Set(),
  unreadable: new Set(),
});

/** The folder where the proxies of all processes leave their tallies. */
export const TALLIES = "AWS_MODELS_TALLIES";

const SETS = ["services", "operations", "patterned", "violations", "unreadable"] as const;

/** A proxy's file in the folder: a line when it starts, and its tally when it stops. Without a folder, nothing is kept. */
export interface TallyFile {
  keep(tally: Tally): void;
}

export function tallyFile(folder = process.env[TALLIES]): TallyFile {
  const file = folder && join(folder, `${randomUUID()}.jsonl`);
  const append = (line: object): void => {
    if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  append({ started: process.argv.slice(2).filter((argument) => argument.endsWith("-test.ts")) });
  return {
    keep: (tally) => append({ ...tally, ...Object.fromEntries(SETS.map((name) => [name, [...tally[name]]])) }),
  };
}

export interface Summary {
  readonly tally: Tally;
  readonly proxies: number;
  /** Proxies that did not stop, so their checks are not known. */
  readonly lost: number;
}

/** Adds up the tallies in a folder. */
export function summaryOf(folder: string): Summary {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
  const tally = emptyTally();
  for (const [, line] of files) {
    if (line === undefined) continue;
    const kept: Record<string, unknown> = JSON.parse(line);
    tally.requests += Number(kept.requests);
    tally.policies += Number(kept.policies);
    for (const name of SETS) for (const each of kept[name] as string[]) tally[name].add(each);
  }
  return { tally, proxies: files.length, lost: files.filter((lines) => lines.length < 2).length };
}
