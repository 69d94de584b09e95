import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./project-copy.ts";
import { temporaryDirectory } from "./temporary.ts";

/** A folder outside the repository in which a package is installed from its tarball, and nothing else. */
export interface Consumer {
  readonly folder: string;
  /** Compiles a TypeScript file there against the types of the package. Throws with the errors of the compiler. */
  compile(source: string): void;
}

/**
 * Builds, packs and installs `packages/NAME`. Its dependencies, and `others`, are links to those of this repository, so no
 * registry is used.
 */
export function installedTarball(name: string, others: readonly string[] = []): Consumer {
  const folder = temporaryDirectory();
  const sources = join(ROOT, "packages", name);
  rmSync(join(sources, "dist"), { recursive: true, force: true });
  npm(sources, "run", "build");
  npm(sources, "pack", "--pack-destination", folder);
  const {
    name: fullName,
    version,
    dependencies = {},
  } = JSON.parse(readFileSync(join(sources, "package.json"), "utf8"));
  const installed = join(folder, "node_modules", fullName);
  mkdirSync(installed, { recursive: true });
  const tarball = `${fullName.slice(1).replace("/", "-")}-${version}.tgz`;
  run(folder, "tar", "--extract", "--file", tarball, "--directory", installed, "--strip-components", "1");
  for (const dependency of [...Object.keys(dependencies), ...others, "@types/node"])
    link(dependency, { folder, sources });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  // Creates the links of `bin`, as an installation does.
  npm(folder, "rebuild", fullName);
  return {
    folder,
    compile(source) {
      writeFileSync(join(folder, "consumer.ts"), source);
      const flags = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2023", "--types", "node"];
      run(folder, join(ROOT, "node_modules/.bin/tsc"), ...flags, "consumer.ts");
    },
  };
}

const npm = (cwd: string, ...args: string[]): void => run(cwd, "npm", "--offline", "--silent", ...args);

/** Throws with everything that the command printed if it fails: the compiler prints its errors to the standard output. */
function run(cwd: string, command: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
}

function link(dependency: string, { folder, sources }: { readonly folder: string; readonly sources: string }): void {
  const place = join(folder, "node_modules", dependency);
  const own = join(sources, "node_modules", dependency);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(existsSync(own) ? own : join(ROOT, "node_modules", dependency), place);
}
