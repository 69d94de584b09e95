import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import type { Environment } from "../../infra/settings/settings.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const ROOMS = "handlers chat chatops authentication aws infra scripts benchmarks packages web".split(" ");
const FILES = ["main.ts", "package.json", "tsconfig.json", "cdktf.json"];

/** A copy of the project in another, deeper folder. Can change the settings of its first environment. */
export function projectCopy(own: { readonly environment?: Partial<Environment> } = {}): string {
  const copy = join(temporaryDirectory(), "somewhere", "else");
  const filter = (path: string) => !["dist", "node_modules"].includes(basename(path));
  for (const name of [...ROOMS, ...FILES]) cpSync(join(ROOT, name), join(copy, name), { recursive: true, filter });
  linkInstalledPackages(copy);
  const settings = `\nObject.assign(environments[0] as object, ${JSON.stringify(own.environment ?? {})});\n`;
  appendFileSync(join(copy, "infra", "environments.ts"), settings);
  return copy;
}

/** A copy of the whole repository, including tests and documents, as a new repository in another folder. */
export function repositoryCopy(): string {
  const copy = join(temporaryDirectory(), "repository");
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const file of String(listed)
    .split("\n")
    .filter((name) => name !== "" && existsSync(join(ROOT, name)))) {
    cpSync(join(ROOT, file), join(copy, file));
  }
  linkInstalledPackages(copy);
  execFileSync("git", ["init", "--quiet"], { cwd: copy });
  return copy;
}

/** Links `node_modules`, also those of workspaces that need other versions than the root. */
function linkInstalledPackages(copy: string): void {
  const workspaces = readdirSync(join(ROOT, "packages")).map((name) => join("packages", name));
  for (const folder of [".", ...workspaces]) {
    const installed = join(ROOT, folder, "node_modules");
    if (existsSync(installed)) symlinkSync(installed, join(copy, folder, "node_modules"));
  }
}

/** Runs the `main.ts` of a project as cdktf does. Returns its output folder. */
export function synthesize(project: string, env: NodeJS.ProcessEnv = {}): string {
  const out = temporaryDirectory();
  const options = { cwd: project, env: { ...process.env, CDKTF_OUTDIR: out, ...env } };
  execFileSync(process.execPath, ["--import", "tsx", "main.ts"], options);
  return out;
}
