import { readFileSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { authorizer, chatOps, routes, workers } from "../../handlers/routes.ts";
import { compile } from "../harness/bundle.ts";
import { inTemporaryDirectory } from "../harness/temporary-directory.ts";

/** Bytes of bundles, by function. */
export type Sizes = Readonly<Record<string, number>>;

/** The limit of every function: a cold start loads the whole bundle. Most of it is the SDK. */
const BUNDLE_BYTES_MAX = 410_000;

/** Room that a budget leaves for what is written in a day or two. */
const STEP = 5_000;

const REMEDY = "Where that is meant: npm run bench:cold -- --budget";

/** All there are, whichever an environment has. */
const ENTRIES = [...routes, ...workers, authorizer, chatOps].map(({ entry }) => entry);

const FILE = new URL("./bundle-sizes.json", import.meta.url);

export const readBudget = (): Sizes => JSON.parse(readFileSync(FILE, "utf8"));

export const writeBudget = (sizes: Sizes): void =>
  writeFileSync(FILE, `${JSON.stringify(budgetFor(sizes), undefined, 2)}\n`);

export const budgetFor = (sizes: Sizes): Sizes =>
  Object.fromEntries(Object.entries(sizes).map(([entry, bytes]) => [entry, Math.ceil(bytes / STEP) * STEP]));

/** The size of each function's bundle, as it is deployed. */
export const bundleSizes = (): Promise<Sizes> =>
  inTemporaryDirectory(async (directory) => {
    const bundles = await compile({ folder: "handlers", entries: ENTRIES }, directory);
    const sizes = bundles.map(async (bundle, index) => [ENTRIES[index], (await stat(bundle)).size]);
    return Object.fromEntries(await Promise.all(sizes));
  });

/** What is wrong with sizes, a sentence each. */
export function overBudget(sizes: Sizes, budget: Sizes): string[] {
  const faults = Object.entries(sizes).map(([entry, bytes]) => faultOf(entry, bytes, budget[entry]));
  const strangers = Object.keys(budget).filter((entry) => !(entry in sizes));
  return [...faults, ...strangers.map((entry) => `${entry} has a budget and is no function. ${REMEDY}`)].filter(
    Boolean,
  );
}

function faultOf(entry: string, bytes: number, most: number | undefined): string {
  if (bytes > BUNDLE_BYTES_MAX) return `${entry} has ${bytes} bytes, and none may have more than ${BUNDLE_BYTES_MAX}.`;
  if (most === undefined) return `${entry} has no budget. ${REMEDY}`;
  return bytes > most ? `${entry} has ${bytes} bytes, and ${most} are allowed. ${REMEDY}` : "";
}
