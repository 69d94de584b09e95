import { readFileSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { authorizer, chatOps, eventSender, routes, workers } from "../../handlers/routes.ts";
import { bundle, inTemporaryDirectory } from "../harness/bundle.ts";

/** The bytes of the bundles, by function. */
export type Sizes = Readonly<Record<string, number>>;

/** The limits, because a cold start loads the whole bundle. */
const BUNDLE_BYTES_MAX = 240_000;

/**
 * The functions with another limit: chat-ops has the SDK's client of Secrets Manager, and publish the code of both
 * `sendmessage` and `direct`. No user waits for its cold start.
 */
const OTHER_MAX: Readonly<Record<string, number>> = { "chat-ops": 420_000, publish: 245_000 };

/** Budgets are rounded up to a multiple of this, so that small changes fit. */
const STEP = 5_000;

const REMEDY = "If this is intended, run: npm run bench:cold -- --budget";

/** All functions, whether or not an environment deploys them. */
const ENTRIES = [...routes, ...workers, eventSender, authorizer, chatOps].map(({ entry }) => entry);

const FILE = new URL("./bundle-sizes.json", import.meta.url);

export const readBudget = (): Sizes => JSON.parse(readFileSync(FILE, "utf8"));

export const writeBudget = (sizes: Sizes): void =>
  writeFileSync(FILE, `${JSON.stringify(budgetFor(sizes), undefined, 2)}\n`);

export const budgetFor = (sizes: Sizes): Sizes =>
  Object.fromEntries(Object.entries(sizes).map(([entry, bytes]) => [entry, Math.ceil(bytes / STEP) * STEP]));

/** The size of the bundle that Terraform deploys, for each function. */
export const bundleSizes = (): Promise<Sizes> =>
  inTemporaryDirectory(async (directory) => {
    const bundles = await bundle({ folder: "handlers", entries: ENTRIES }, directory);
    const sizes = bundles.map(async (path, index) => [ENTRIES[index], (await stat(path)).size]);
    return Object.fromEntries(await Promise.all(sizes));
  });

/** Returns a sentence for each size that is not within its budget. */
export function overBudget(sizes: Sizes, budget: Sizes): string[] {
  const faults = Object.entries(sizes).map(([entry, bytes]) => faultOf(entry, bytes, budget[entry]));
  const unknown = Object.keys(budget).filter((entry) => !(entry in sizes));
  return [...faults, ...unknown.map((entry) => `${entry} has a budget but is not a function. ${REMEDY}`)].filter(
    Boolean,
  );
}

function faultOf(entry: string, bytes: number, budget: number | undefined): string {
  const max = OTHER_MAX[entry] ?? BUNDLE_BYTES_MAX;
  if (bytes > max) return `The bundle of ${entry} has ${bytes} bytes. At most ${max} are allowed.`;
  if (budget === undefined) return `${entry} has no budget. ${REMEDY}`;
  return bytes > budget ? `The bundle of ${entry} has ${bytes} bytes. Its budget is ${budget}. ${REMEDY}` : "";
}
