import { readdirSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { reasonOf } from "../boundary.ts";
import type { Emulator } from "../start.ts";
import { type FileChange, FileWatcher } from "./file-watcher.ts";

/** An emulator that follows changes of its stack. */
export type ReloadableEmulator = Pick<Emulator, "stack" | "update" | "reload">;

export interface WatchOutput {
  readonly info: (sentence: string) => void;
  readonly error: (sentence: string) => void;
}

/** Follows changes of a running stack. Returns the function that stops it. */
export type Watch = (emulator: ReloadableEmulator, output: WatchOutput) => () => void;

/**
 * Watches the Terraform of a folder, and the archives of its functions. `written` are files and folders that the emulator
 * itself writes, which can be in the same folder.
 */
export const watchStack =
  (stackDirectory: string, written: readonly string[] = []): Watch =>
  (emulator, output) => {
    const own = written.map((path) => resolve(path));
    const folder = resolve(stackDirectory);
    const watcher = new FileWatcher({
      report: output.error,
      isRelevant: (path) =>
        !own.some((each) => isIn(path, each)) && [folder, ...archivesOf(emulator)].some((each) => isIn(path, each)),
      async onChange(change) {
        const isCode = (path: string) => archivesOf(emulator).some((archive) => isIn(path, archive));
        if ([...change.paths].every(isCode)) await reloadCode(emulator, change, output);
        else await applyTerraform(emulator, { change, output });
        watchFolders();
      },
    });
    const watchFolders = () => watcher.watch(foldersOf(folder, archivesOf(emulator)));
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

/** Applies changed Terraform, and shows the result. */
export async function applyTerraform(
  emulator: ReloadableEmulator,
  { change, output, stackDirectory }: TerraformChange,
): Promise<void> {
  try {
    const { changes, warnings } = await emulator.update(stackDirectory);
    if (changes.length === 0) return;
    output.info(`Terraform applied in ${millisecondsSince(change.at)} ms: ${changes.join(", ")}`);
    for (const warning of warnings) output.info(`Warning: ${warning}`);
  } catch (fault) {
    output.error(`${reasonOf(fault)}\n${KEPT}`);
  }
}

export const KEPT = "The previous version keeps running.";

const millisecondsSince = (at: number): number => Math.round(performance.now() - at);

const NAMES_MAX = 3;

function listed(names: readonly string[]): string {
  const rest = names.length - NAMES_MAX;
  return rest > 1 ? `${names.slice(0, NAMES_MAX).join(", ")} and ${rest} others` : names.join(", ");
}

const archivesOf = ({ stack }: ReloadableEmulator): string[] => stack.functions.map(({ archivePath }) => archivePath);

const isIn = (path: string, archive: string): boolean => path === archive || path.startsWith(archive + sep);

/** Zip files are replaced in their folder. A folder can be replaced as a whole in its parent. */
const foldersOf = (stackDirectory: string, archives: readonly string[]): Set<string> =>
  new Set([stackDirectory, ...archives].flatMap((path) => [...subfolders(path), dirname(path)]));

/** The folder and those in it, except installed packages and hidden folders. Empty if it is not a folder. */
function subfolders(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const inner = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."),
  );
  return [folder, ...inner.flatMap(({ name }) => subfolders(join(folder, name)))];
}
