import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleSizes, writeBudget } from "../benchmarks/cold-start/budget.ts";
import { clientApi } from "./docs/client-api.ts";
import { runCommand } from "./run-command.ts";

const HELP = `Regenerates every derived file and prints which ones changed: bundle size budgets, DynamoDB units, the construct tree,
the kept plan reviews, and the generated parts of the documentation, the API reference of the client included. Takes about half a minute.

  npm run update

  --help  this text`;

/** Files with derived content, and folders of them. */
const DERIVED = [
  "README.md",
  "docs",
  "benchmarks/cold-start/bundle-sizes.json",
  "benchmarks/costs/units.json",
  "__tests__/infra/chat-stack.tree.txt",
  "__tests__/terraform/reviews",
];

/** Tests that write the file that they compare with. The documentation reads these files, so it comes last. */
const GOLDEN_TESTS = [
  "__tests__/benchmarks/costs/units-test.ts",
  "__tests__/infra/chat-stack-test.ts",
  "__tests__/review/golden-test.ts",
  "packages/emulator/__tests__/compatibility/compatibility-test.ts",
];

const DOCS = ["--conditions=@serverless-chat/source", "--import", "tsx", "scripts/docs.ts"];

await runCommand(async () => {
  if (process.argv.includes("--help")) return console.log(HELP);
  const before = derivedFiles();
  writeBudget(await bundleSizes());
  writeFileSync("docs/client-api.md", clientApi());
  const failed = [
    run("the tests that write derived files", [
      "node_modules/mocha/bin/mocha.js",
      "--reporter",
      "dot",
      ...GOLDEN_TESTS,
    ]),
    run("npm run docs", DOCS),
  ].flat();
  const changed = [...derivedFiles()].filter(([path, text]) => before.get(path) !== text).map(([path]) => `  ${path}`);
  console.log(
    changed.length > 0 ? `Changed:\n${changed.join("\n")}` : "Nothing changed: every derived file is current.",
  );
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(", ")}. The output is above.`);
});

/** Runs a script of Node's. Returns the name of what failed, after printing the output. */
function run(name: string, args: readonly string[]): readonly string[] {
  const env = { ...process.env, UPDATE_GOLDEN: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  if (status === 0) return [];
  console.error(stdout + stderr);
  return [name];
}

function derivedFiles(): ReadonlyMap<string, string> {
  const paths = DERIVED.filter(existsSync).flatMap(filesIn);
  return new Map(paths.map((path) => [path, readFileSync(path, "utf8")]));
}

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
