import { type FSWatcher, statSync, watch } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "../boundary.ts";

/** Editors and builds write several files, or one file in several steps. */
const QUIET_MILLISECONDS = 15;

/** Files that change all the time must not delay the others. */
const WAIT_MILLISECONDS_MAX = 200;

/** Files that changed together. */
export interface FileChange {
  readonly paths: ReadonlySet<string>;
  /** When the first of them changed, on the clock of `performance.now()`. */
  readonly at: number;
}

export interface FileWatcherOptions {
  /** Whether a file or folder matters; default: all do. */
  readonly isRelevant?: (path: string) => boolean;
  /** Changes that come while a call runs are passed to the next call. */
  readonly onChange: (change: FileChange) => Promise<void>;
  /** Receives an explanation of each folder that cannot be watched. */
  readonly report: (sentence: string) => void;
}

/** Watches the files that are directly in some folders. */
export class FileWatcher {
  readonly #options: FileWatcherOptions;
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher; readonly inode: number }>();
  #paths = new Set<string>();
  #at = 0;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isStopped = false;

  constructor(options: FileWatcherOptions) {
    this.#options = options;
  }

  /** Watches these folders, and no others. Has no effect after `stop`. */
  watch(folders: Iterable<string>): void {
    if (this.#isStopped) return;
    const next = new Set(folders);
    for (const [folder, { watcher, inode }] of this.#watchers) {
      // A folder that was deleted and created again has another inode, and is no longer watched.
      if (next.has(folder) && inodeOf(folder) === inode) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of next) if (!this.#watchers.has(folder)) this.#add(folder);
  }

  stop(): void {
    this.watch([]);
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Handles a change that was found in another way, such as one before the folder was watched. */
  notice(path: string): void {
    if (this.#options.isRelevant?.(path) === false) return;
    const now = performance.now();
    if (this.#paths.size === 0) this.#at = now;
    this.#paths.add(path);
    clearTimeout(this.#timer);
    const wait = Math.min(QUIET_MILLISECONDS, this.#at + WAIT_MILLISECONDS_MAX - now);
    this.#timer = setTimeout(() => void this.#flush(), wait);
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => this.notice(name === null ? folder : join(folder, name)));
      watcher.on("error", () => watcher.close());
      this.#watchers.set(folder, { watcher, inode: inodeOf(folder) });
    } catch (fault) {
      this.#options.report(`Changes in ${folder} are not noticed: ${reasonOf(fault)}. Restart to apply them.`);
    }
  }

  async #flush(): Promise<void> {
    if (this.#isRunning || this.#paths.size === 0) return;
    const change = { paths: this.#paths, at: this.#at };
    this.#paths = new Set();
    this.#isRunning = true;
    try {
      await this.#options.onChange(change);
    } catch (fault) {
      this.#options.report(reasonOf(fault));
    }
    this.#isRunning = false;
    if (!this.#isStopped) await this.#flush();
  }
}

const inodeOf = (folder: string): number => statSync(folder, { throwIfNoEntry: false })?.ino ?? 0;
