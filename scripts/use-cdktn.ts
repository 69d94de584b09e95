import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runCommand } from "./run-command.ts";
import { rewrite, runsCdktn, type Toolkit, toolkitOf } from "./use-cdktn/rewrite.ts";

const HELP = `Replaces CDKTF with its successor CDK Terrain (cdktn), or switches back. Changes imports, package.json, package-lock.json,
the workflows and the documents. Requires Node.js 22.19 or newer, as cdktn does.

  npm run use-cdktn -- [flags]

  --back        replaces cdktn with CDKTF
  --no-install  changes the files only, and not package-lock.json and node_modules
  --help        this text`;

const FLAGS = {
  back: { type: "boolean", default: false },
  "no-install": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

await runCommand(async () => {
  const { values } = parseArgs({ options: FLAGS });
  if (values.help) return console.log(HELP);
  const to = values.back ? "cdktf" : "cdktn";
  if (toolkitOf(readFileSync("package.json", "utf8")) === to) {
    return console.log(`Nothing changed: package.json already has ${to}.`);
  }
  const installs = !values["no-install"];
  if (to === "cdktn" && installs && !runsCdktn(process.versions.node)) {
    throw new Error(
      `cdktn requires Node.js 22.19 or newer, and this is ${process.versions.node}. Use the version in .nvmrc.`,
    );
  }
  console.log(`${rewriteFiles(to)} files now use ${to}.`);
  if (!installs) return console.log("Next, run: npm install");
  install(to);
  console.log("Next, run: npm test && npm run test:terraform");
});

/** Returns how many files changed. Writes nothing if one of them cannot be rewritten. */
function rewriteFiles(to: Toolkit): number {
  const changes = git("ls-files", "--cached", "--others", "--exclude-standard")
    .split("\n")
    // Git also lists deleted files and links to folders.
    .filter((path) => path !== "" && lstatSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ path, text: readFileSync(path, "utf8") }))
    .map((file) => ({ ...file, rewritten: rewrite(file, to) }))
    .filter(({ text, rewritten }) => text !== rewritten)
    // package.json shows which toolkit is in use. It is written last, so that an interrupted command can be repeated.
    .sort((one, other) => Number(one.path === "package.json") - Number(other.path === "package.json"));
  for (const { path, rewritten } of changes) writeFileSync(path, rewritten);
  return changes.length;
}

/** Restores the lock of the last commit if it has the toolkit. Otherwise npm selects the newest versions of indirect dependencies. */
function install(to: Toolkit): void {
  if (toolkitOf(git("show", "HEAD:package.json")) === to) {
    writeFileSync("package-lock.json", git("show", "HEAD:package-lock.json"));
  }
  try {
    execFileSync("npm", ["install"], { stdio: "inherit" });
  } catch (fault) {
    throw new Error("The files are changed, but npm install failed. Its message is above. Run it again.", {
      cause: fault,
    });
  }
}

function git(...args: string[]): string {
  return execFileSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 26 });
}
