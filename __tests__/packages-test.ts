import { isBuiltin } from "node:module";
import { join, normalize } from "node:path";
import { expect } from "chai";
import { FILES as ALL_FILES, filesImportedBy, importCycles, importsOf, read } from "./support/imports.ts";

const FILES = ALL_FILES.filter((file) => file.endsWith(".ts"));

const isPackaged = (file: string): boolean => file.startsWith("packages/");

/** The folder of the package that has a file, such as `packages/emulator/`. */
const packageOf = (file: string): string => `${file.split("/").slice(0, 2).join("/")}/`;

const PACKAGES = [...new Set(FILES.filter(isPackaged).map(packageOf))];

const manifestOf = (folder: string) => JSON.parse(read(join(folder, "package.json")));

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
