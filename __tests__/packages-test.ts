import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path";
import { expect } from "chai";
import { importCycles } from "./support/import-cycles.ts";
import { ROOT } from "./support/project-copy.ts";

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const FILES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter(Boolean);

const isPackaged = (file: string): boolean => file.startsWith("packages/");

/** The folder of the package that has a file, such as `packages/emulator/`. */
const packageOf = (file: string): string => `${file.split("/").slice(0, 2).join("/")}/`;

const PACKAGES = [...new Set(FILES.filter(isPackaged).map(packageOf))];

const manifestOf = (folder: string) => JSON.parse(read(join(folder, "package.json")));

const importsOf = (file: string): string[] =>
  [...read(file).matchAll(/(?<![-\w])(?:from|import|import\()\s*"([^"\s]+)"/g)].map(([, specifier = ""]) => specifier);

/** The files of this repository that a file imports. */
const filesImportedBy = (file: string): string[] =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(file), specifier)));

const nameOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? "";

describe("the packages", () => {
  it("import no file outside their own folder", () => {
    const wrong = FILES.filter(isPackaged).flatMap((file) =>
      filesImportedBy(file)
        .filter((imported) => !imported.startsWith(packageOf(file)))
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("declare every package that they import", () => {
    const tools = Object.keys(manifestOf(".").devDependencies);
    const wrong = FILES.filter(isPackaged).flatMap((file) => {
      const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifestOf(packageOf(file));
      const isSource = file.startsWith(`${packageOf(file)}src/`);
      const own = Object.keys({ ...dependencies, ...peerDependencies });
      const allowed = [...own, ...(isSource ? [] : [...Object.keys(devDependencies), ...tools])];
      return importsOf(file)
        .filter((specifier) => !/^[.#]/.test(specifier) && !isBuiltin(specifier))
        .filter((specifier) => !allowed.includes(nameOf(specifier)))
        .map((specifier) => `${file} imports ${specifier}`);
    });
    expect(wrong).to.deep.equal([]);
  });

  it("are imported by name, and only what they export", () => {
    const exported = PACKAGES.flatMap((folder) => {
      const { name, exports } = manifestOf(folder);
      return Object.keys(exports).map((path) => normalize(join(name, path)));
    });
    const wrong = FILES.filter((file) => !isPackaged(file)).flatMap((file) => [
      ...filesImportedBy(file).filter(isPackaged),
      ...importsOf(file).filter((name) => name.startsWith("@serverless-chat/") && !exported.includes(name)),
    ]);
    expect(wrong).to.deep.equal([]);
  });

  it("have no import cycles, types included", () => {
    const imports = new Map(FILES.filter(isPackaged).map((file) => [file, filesImportedBy(file)]));
    expect(importCycles(imports).map((cycle) => cycle.join(" → "))).to.deep.equal([]);
  });
});
