import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { zipSync } from "fflate";
import type { LogEntry } from "../../src/lambda/log.ts";
import { start } from "../../src/start.ts";
import { rejection } from "../support/rejection.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { PLAYED, type PlayedStack, REFUSED } from "./catalog.ts";
import { playDialogue } from "./dialogue.ts";
import { fillPage, type Results } from "./page.ts";

const STACKS = fileURLToPath(new URL("stacks/", import.meta.url));
const PAGE = fileURLToPath(new URL("../../../../docs/compatibility.md", import.meta.url));

/** A copy of a stack, in which archives can be built. */
function copyOf(name: string): string {
  const folder = join(temporaryDirectory(), name);
  cpSync(join(STACKS, name), folder, { recursive: true });
  return folder;
}

function buildArchive(folder: string, { zip, code }: { readonly zip: string; readonly code: string }): void {
  const files = readdirSync(join(folder, code), { recursive: true, encoding: "utf8", withFileTypes: true });
  const content = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .map((path) => [path.slice(join(folder, code).length + 1), readFileSync(path)] as const);
  mkdirSync(dirname(join(folder, zip)), { recursive: true });
  writeFileSync(join(folder, zip), zipSync(Object.fromEntries(content)));
}

/** Plays the dialogue of a stack. Returns what the emulator does not play. */
async function playStack({ name, input = "", archives = {} }: PlayedStack): Promise<readonly string[]> {
  const folder = copyOf(name);
  for (const [zip, code] of Object.entries(archives)) buildArchive(folder, { zip, code });
  const entries: LogEntry[] = [];
  const emulator = await start({ stackDirectory: join(folder, input), log: (entry) => entries.push(entry) });
  try {
    await playDialogue(emulator.url, readFileSync(join(folder, "dialogue.txt"), "utf8"));
  } catch (fault) {
    throw new Error(`${(fault as Error).message}\n${JSON.stringify(entries, undefined, 2)}`, { cause: fault });
  } finally {
    await emulator.stop();
  }
  return emulator.stack.notPlayed;
}

async function withEnvironment<Result>(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<Result>,
): Promise<Result> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    process.env = before;
  }
}

describe("a stack that is modelled on a public one", () => {
  const results: Results = { notPlayed: new Map(), refusals: new Map() };

  for (const stack of PLAYED) {
    it(`runs: ${join(stack.name, stack.input ?? "")}`, async () => {
      results.notPlayed.set(stack, await withEnvironment(stack.environment ?? {}, () => playStack(stack)));
    });
  }

  for (const { name, reason } of REFUSED) {
    it(`is refused: ${name}`, async () => {
      const folder = copyOf(name);
      const message = await rejection(start({ stackDirectory: folder }));
      results.refusals.set(name, message.replaceAll(folder, "."));
      expect(message).to.include(reason);
    });
  }

  it("has its results in docs/compatibility.md", () => {
    const count = results.notPlayed.size + results.refusals.size;
    expect(count, "the number of results, which requires all tests of this file").to.equal(
      PLAYED.length + REFUSED.length,
    );
    const page = readFileSync(PAGE, "utf8");
    const filled = fillPage(page, results);
    if (process.env.UPDATE_GOLDEN) writeFileSync(PAGE, filled);
    expect(readFileSync(PAGE, "utf8")).to.equal(filled);
  });

  it("has a row in the catalog", () => {
    const known = new Set([...PLAYED, ...REFUSED].map(({ name }) => name));
    expect([...known]).to.have.members(readdirSync(STACKS));
  });
});
