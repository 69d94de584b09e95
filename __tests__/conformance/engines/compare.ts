import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { printed, writeChapters } from "../../../scripts/docs/markdown.ts";
import { runCommand } from "../../../scripts/run-command.ts";
import type { RuleResult } from "../rules.ts";
import { type Results, rulesTable, summaryTable } from "./results.ts";
import { startServerlessOffline } from "./serverless-offline.ts";

const HELP = `Runs the conformance suite on the emulator and on serverless-offline, which it installs into a temporary directory.
Takes about fifteen minutes, because most failed tests wait until they time out.

  npm run conformance:compare -- [flags]

  --engine NAME=FILE   also shows another engine, with the RESULTS of its own run; can be repeated
  --write              writes the tables into docs/conformance.md
  --help               this text`;

const SERVERLESS_OFFLINE = "serverless-offline 13.9.0";

/** A failed test of another engine waits for this time, because most failures are frames that do not arrive. */
const TEST_MILLISECONDS_MAX = 10_000;

async function resultsOf(target: object | undefined): Promise<readonly RuleResult[]> {
  const folder = temporaryDirectory();
  const [targetPath, resultsPath] = [join(folder, "targets.json"), join(folder, "results.json")];
  if (target) writeFileSync(targetPath, JSON.stringify(target));
  const timeout = target ? ["--timeout", String(TEST_MILLISECONDS_MAX)] : [];
  const suite = spawn("npm", ["run", "conformance", "--", ...timeout], {
    stdio: "ignore",
    env: { ...process.env, RESULTS: resultsPath, ...(target ? { TARGET: targetPath } : { LONG: "1" }) },
  });
  await once(suite, "exit");
  return readResults(resultsPath);
}

const readResults = (path: string): readonly RuleResult[] => JSON.parse(readFileSync(path, "utf8"));

async function resultsOfServerlessOffline(): Promise<readonly RuleResult[]> {
  const { targets, stop } = await startServerlessOffline();
  try {
    return await resultsOf(targets);
  } finally {
    await stop();
  }
}

function readEngine(argument: string): [string, readonly RuleResult[]] {
  const [name = "", path] = argument.split("=");
  if (!path)
    throw new Error(`--engine ${argument} has no file. Use --engine NAME=FILE, such as MiniStack=results.json.`);
  return [name, readResults(path)];
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      engine: { type: "string", multiple: true, default: [] },
      write: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const others = values.engine.map(readEngine);
  const results: Results = {
    "this emulator": await resultsOf(undefined),
    [SERVERLESS_OFFLINE]: await resultsOfServerlessOffline(),
    ...Object.fromEntries(others),
  };
  const chapter = { tables: { summary: summaryTable(results), rules: rulesTable(results) }, figures: results };
  if (values.write) writeChapters("conformance.md", [chapter]);
  process.stdout.write(`${printed([chapter])}\n`);
});
