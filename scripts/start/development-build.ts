import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BuildContext,
  type BuildFailure,
  type BuildOptions,
  context,
  type Metafile,
  type OutputFile,
} from "esbuild";
import { BUNDLE_OPTIONS, compileError } from "../../infra/bundle.ts";

type Output = Metafile["outputs"][string];

const FOLDER = "handlers";

/**
 * The options of the deployed bundles, except that code is readable in a debugger, and that functions share chunks: a
 * rebuild then takes as long for all functions as for one.
 */
const OPTIONS = {
  ...BUNDLE_OPTIONS,
  outdir: FOLDER,
  minify: false,
  splitting: true,
  chunkNames: "chunk-[hash]",
  sourcemap: "linked",
  sourcesContent: false,
  sourceRoot: pathToFileURL(join(BUNDLE_OPTIONS.absWorkingDir, FOLDER, "/")).href,
  metafile: true,
} satisfies BuildOptions;

/** The files of `handlers/` that become functions, without extension. */
export async function handlerEntries(): Promise<string[]> {
  const { authorizer, chatOps, eventSender, routes, workers } = await import("../../handlers/routes.ts");
  return [...routes, ...workers, eventSender, authorizer, chatOps].map(({ entry }) => entry);
}

/** Builds the handlers for `npm start`: with source maps, and again when a file changes. */
export class DevelopmentBuild {
  readonly #folder = mkdtempSync(join(tmpdir(), "chat-build-"));
  /** What the folder of each entry contains. */
  readonly #built = new Map<string, string>();
  #entries: readonly string[] = [];
  #context: Promise<BuildContext<typeof OPTIONS>> | undefined;
  #inputs: readonly string[] = [];

  /** The files of the project that the handlers include. */
  get inputs(): readonly string[] {
    return this.#inputs;
  }

  /** The folder with the code of an entry, in the form of a function's archive. */
  folderOf(entry: string): string {
    return join(this.#folder, entry);
  }

  /**
   * Builds what has changed. The entries are files of `handlers/`, without extension; default: those of the last call.
   * Rejects with the first error, its file and its line; then the folders have not changed.
   */
  async build(entries: readonly string[] = this.#entries): Promise<void> {
    if (entries.join() !== this.#entries.join()) await this.#dispose();
    this.#entries = entries;
    const entryPoints = entries.map((entry) => `${FOLDER}/${entry}.ts`);
    this.#context ??= context({ ...OPTIONS, entryPoints });
    const { outputFiles, metafile } = await (await this.#context).rebuild().catch((failure: BuildFailure) => {
      throw new Error(compileError(failure), { cause: failure });
    });
    this.#inputs = Object.keys(metafile.inputs)
      .filter((path) => !path.includes("node_modules/"))
      .map((path) => join(OPTIONS.absWorkingDir, path));
    const files = new Map(outputFiles.map((file) => [basename(file.path), file]));
    const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
    for (const entry of entries) this.#write(entry, filesOf(`${entry}.mjs`, outputs), files);
    rmSync(join(this.#folder, ".shared"), { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.#dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #dispose(): Promise<void> {
    const disposed = this.#context;
    this.#context = undefined;
    await (await disposed)?.dispose();
  }

  /** Each file is written once, and linked into the folders of the entries that import it. */
  #write(entry: string, names: readonly string[], files: ReadonlyMap<string, OutputFile>): void {
    const content = names.map((name) => `${name} ${files.get(name)?.hash}`).join("\n");
    if (this.#built.get(entry) === content) return;
    this.#built.set(entry, content);
    const shared = join(this.#folder, ".shared");
    const folder = this.folderOf(entry);
    rmSync(folder, { recursive: true, force: true });
    for (const path of [shared, folder]) mkdirSync(path, { recursive: true });
    for (const name of names) {
      const source = join(shared, name);
      if (!existsSync(source)) writeFileSync(source, files.get(name)?.contents ?? "");
      linkSync(source, join(folder, name === `${entry}.mjs` ? "index.mjs" : name));
    }
  }
}

/** The names of an output, of the chunks that it imports, and of their source maps. */
function filesOf(name: string, outputs: ReadonlyMap<string, Output>): string[] {
  const found = new Set([name]);
  for (const each of found) {
    const imports = outputs.get(each)?.imports.filter(({ external }) => external !== true) ?? [];
    for (const { path } of imports) found.add(basename(path));
  }
  return [...found].flatMap((each) => [each, `${each}.map`]).sort((one, other) => (one < other ? -1 : 1));
}
