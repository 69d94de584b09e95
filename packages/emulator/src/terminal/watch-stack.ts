import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { reasonOf } from "../boundary.ts";
import type { Emulator } from "../start.ts";
import { isAffected, type Source } from "../terraform/language/source.ts";
import { type FileChange, FileWatcher } from "./file-watcher.ts";

/** An emulator that follows changes of its stack. */
export type ReloadableEmulator = Pick<Emulator, "stack" | "sources" | "update" | "reload">;

export interface WatchOutput {
  readonly info: (sentence: string) => void;
  readonly error: (sentence: string) => void;
}

/** Follows changes of a running stack. Returns the function that stops it. */
export type Watch = (emulator: ReloadableEmulator, output: WatchOutput) => () => void;

/**
 * Watches everything that a stack is read from: its Terraform and modules, files of variables, files that expressions read,
 * and the code of its functions. `stackDirectory` is a folder, or the file of a plan. `written` are files and folders that
 * the emulator itself writes, which can be in the same folder.
 */
export const watchStack =
  (stackDirectory: string, written: readonly string[] = []): Watch =>
  (emulator, { info, error }) => {
    const own = written.map((path) => resolve(path));
    const root = { path: resolve(stackDirectory) };
    const sources = () => [root, ...emulator.sources, ...codeOf(emulator)];
    let isRefused = false;
    const watcher = new FileWatcher({
      report: error,
      isRelevant: (path) =>
        !own.some((each) => isIn(path, each)) && sources().some((source) => isAffected(source, path)),
      async onChange(change) {
        // A new folder must be watched before it is read. Otherwise, a file that appears in between is not noticed.
        watchFolders();
        const code = codeOf(emulator);
        const isCode = (path: string) =>
          code.some((source) => isAffected(source, path)) && !emulator.sources.some((each) => isModuleFile(each, path));
        if ([...change.paths].some(isCode)) await reloadCode(emulator, change, output);
        // Code can be the remedy, too, such as an archive that did not exist.
        if (isRefused || ![...change.paths].every(isCode))
          isRefused = !(await applyTerraform(emulator, { change, output }));
        watchFolders();
      },
    });
    const watchFolders = () => watcher.watch(new Set(sources().flatMap(foldersOf)));
    // The remedy of a fault can be in a new folder, which must be watched as soon as the fault is visible.
    const watchAnd = (show: (sentence: string) => void) => (sentence: string) => {
      watchFolders();
      show(sentence);
    };
    const output: WatchOutput = { info: watchAnd(info), error: watchAnd(error) };
    watchFolders();
    return () => watcher.stop();
  };

/** Loads changed code of functions, and shows the result. */
export async function reloadCode(
  emulator: ReloadableEmulator,
  { at }: Pick<FileChange, "at">,
  { info, error }: WatchOutput,
): Promise<void> {
  try {
    const names = await emulator.reload();
    if (names.length > 0) info(`${listed(names)} reloaded in ${millisecondsSince(at)} ms`);
  } catch (fault) {
    error(`${reasonOf(fault)}\n${KEPT}`);
  }
}

export interface TerraformChange {
  readonly change: Pick<FileChange, "at">;
  readonly output: WatchOutput;
  /** The folder of the stack; default: the current one. */
  readonly stackDirectory?: string;
}

/** Applies changed Terraform, and shows the result. Resolves with whether the Terraform was accepted. */
export async function applyTerraform(
  emulator: ReloadableEmulator,
  { change, output, stackDirectory }: TerraformChange,
): Promise<boolean> {
  try {
    const { changes, warnings } = await emulator.update(stackDirectory);
    if (changes.length === 0) return true;
    output.info(`Terraform applied in ${millisecondsSince(change.at)} ms: ${changes.join(", ")}`);
    for (const warning of warnings) output.info(`Warning: ${warning}`);
    return true;
  } catch (fault) {
    output.error(`${reasonOf(fault)}\n${KEPT}`);
    return false;
  }
}

export const KEPT = "The previous version keeps running.";

const millisecondsSince = (at: number): number => Math.round(performance.now() - at);

const NAMES_MAX = 3;

function listed(names: readonly string[]): string {
  const rest = names.length - NAMES_MAX;
  return rest > 1 ? `${names.slice(0, NAMES_MAX).join(", ")} and ${rest} others` : names.join(", ");
}

/** The archives of functions, and the sources of those that the emulator makes. */
function codeOf({ stack: { functions, archives } }: ReloadableEmulator): Source[] {
  const made = new Set(archives.map(({ path }) => path));
  const paths = functions.map(({ archivePath }) => archivePath).filter((path) => !made.has(path));
  const given = [...new Set(paths)].map((path) => ({ path, includes: () => true, isDeep: true }));
  return [...given, ...archives.flatMap(({ sources }) => sources)];
}

/** The folder of a module can also be the code of a function. */
const isModuleFile = (source: Source, path: string): boolean =>
  source.includes !== undefined && !source.isDeep && isIn(path, source.path) && isAffected(source, path);

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

/** A file or folder can be replaced as a whole in its parent. */
function foldersOf({ path, includes, isDeep }: Source): string[] {
  const own = isDeep ? subfolders(path) : includes && existsSync(path) ? [path] : [];
  return [...own, existing(dirname(path))];
}

/** The folder, or the closest one above it that exists. */
const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));

/** The folder and those in it, except installed packages and hidden folders. Empty if it is not a folder. */
function subfolders(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const inner = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."),
  );
  return [folder, ...inner.flatMap(({ name }) => subfolders(join(folder, name)))];
}
