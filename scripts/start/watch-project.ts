import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FileChange, FileWatcher } from "@serverless-chat/emulator/terminal/file-watcher";
import {
  applyTerraform,
  KEPT,
  type ReloadableEmulator,
  reloadCode,
  type WatchOutput,
} from "@serverless-chat/emulator/terminal/watch-stack";
import { build } from "esbuild";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";
import type { DevelopmentBuild } from "./development-build.ts";
import type { SynthesisResult } from "./synthesis.ts";

export interface WatchProjectOptions {
  readonly build: DevelopmentBuild;
  /** When the sources that run were read, in epoch milliseconds. */
  readonly loadedAt: number;
  /** Synthesizes changed Terraform. */
  readonly synthesize: () => Promise<SynthesisResult>;
}

/** Rebuilds changed handlers, and synthesizes changed Terraform. Returns the function that stops it. */
export function watchProject(
  options: WatchProjectOptions,
  emulator: ReloadableEmulator,
  output: WatchOutput,
): () => void {
  const project = new WatchedProject(options, emulator, output);
  project.start().catch((fault: Error) => output.error(`Changes of the Terraform are not noticed. ${fault.message}`));
  return () => project.stop();
}

class WatchedProject {
  readonly #options: WatchProjectOptions;
  readonly #emulator: ReloadableEmulator;
  readonly #output: WatchOutput;
  readonly #watcher: FileWatcher;
  #terraformFiles: ReadonlySet<string> = new Set();
  /** A synthesis or build failed, so a change of any file can be the remedy. */
  #isTerraformBroken = false;

  constructor(options: WatchProjectOptions, emulator: ReloadableEmulator, output: WatchOutput) {
    this.#options = options;
    this.#emulator = emulator;
    this.#output = output;
    this.#watcher = new FileWatcher({
      isRelevant: (path) => /\.(ts|json)$/.test(path),
      report: output.error,
      onChange: (change) => this.#onChange(change),
    });
  }

  /** A file can have changed before its folder is watched. */
  async start(): Promise<void> {
    await this.#findTerraformFiles();
    for (const path of [...this.#options.build.inputs, ...this.#terraformFiles]) {
      const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
      if (mtimeMs > this.#options.loadedAt) this.#watcher.notice(path);
    }
  }

  stop(): void {
    this.#watcher.stop();
  }

  async #onChange(change: FileChange): Promise<void> {
    const isTerraform = this.#isTerraformBroken || [...change.paths].some((path) => this.#terraformFiles.has(path));
    try {
      if (isTerraform) await this.#applyTerraform(change);
      else await this.#reload(change);
    } catch (fault) {
      this.#output.error(`${(fault as Error).message}\n${KEPT}`);
    }
    this.#watchFolders();
  }

  async #reload(change: FileChange): Promise<void> {
    await this.#options.build.build();
    await reloadCode(this.#emulator, change, this.#output);
  }

  async #applyTerraform(change: FileChange): Promise<void> {
    this.#isTerraformBroken = true;
    const { stackDirectory, entries } = await this.#options.synthesize();
    this.#isTerraformBroken = false;
    await this.#options.build.build(entries);
    await applyTerraform(this.#emulator, { change, output: this.#output, stackDirectory });
    await this.#findTerraformFiles();
  }

  /** A synthesis does not tell which files it has read, but its imports do. */
  async #findTerraformFiles(): Promise<void> {
    const { metafile } = await build({
      absWorkingDir: BUNDLE_OPTIONS.absWorkingDir,
      entryPoints: ["infra/synthesize.ts", "infra/environments.ts"],
      outdir: "infra",
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "silent",
    });
    const paths = Object.keys(metafile.inputs).map((path) => join(BUNDLE_OPTIONS.absWorkingDir, path));
    this.#terraformFiles = new Set(paths);
    this.#watchFolders();
  }

  #watchFolders(): void {
    this.#watcher.watch([...this.#options.build.inputs, ...this.#terraformFiles].map((path) => dirname(path)));
  }
}
