import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlayOptions } from "@serverless-chat/emulator/terminal/play";
import type { Environment } from "../../infra/settings/settings.ts";
import { DevelopmentBuild, handlerEntries } from "./development-build.ts";
import { type SynthesisRequest, type SynthesisResult, startSynthesis, synthesize } from "./synthesis.ts";

export type ProjectRequest = Omit<SynthesisRequest, "folder">;

/** The Terraform and the functions of this project, as `npm start` plays them. */
export interface LocalProject {
  /** The environments of the last synthesis. Empty before the first one. */
  readonly environments: readonly Environment[];
  /** Synthesizes the stack and builds its functions. Rejects with an explanation if either fails. */
  load(request: ProjectRequest): Promise<string>;
  /** How the emulator gets the code of functions, and follows changes. */
  readonly playOptions: Pick<PlayOptions, "archiveOf" | "watch">;
  stop(): Promise<void>;
}

/** Runs the archives that are deployed, and follows no changes. */
export function deployedProject(): LocalProject {
  const child = startSynthesis();
  let environments: readonly Environment[] = [];
  return {
    get environments() {
      return environments;
    },
    async load(request) {
      const result = await synthesize({ ...request, folder: undefined }, child);
      ({ environments } = result);
      return result.stackDirectory;
    },
    playOptions: {},
    stop: async () => void child.kill(),
  };
}

/** Runs the functions from a development build, and follows changes of the code and of the Terraform. */
export function developedProject(): LocalProject {
  const folder = mkdtempSync(join(tmpdir(), "chat-synthesis-"));
  const build = new DevelopmentBuild();
  // Loads what the synthesis needs while this process loads the emulator.
  const firstChild = startSynthesis();
  let environments: readonly Environment[] = [];
  let entryOf: SynthesisResult["entryOf"] = {};
  let loadedAt = 0;
  let synthesizeAgain: () => Promise<SynthesisResult>;
  const load = async (request: ProjectRequest, child = startSynthesis()): Promise<SynthesisResult> => {
    const result = await synthesize({ ...request, folder }, child);
    ({ environments } = result);
    // The functions of earlier syntheses stay, because the emulator can refuse a later one.
    entryOf = { ...entryOf, ...result.entryOf };
    return result;
  };
  return {
    get environments() {
      return environments;
    },
    async load(request) {
      loadedAt = Date.now();
      synthesizeAgain = () => load(request);
      const building = handlerEntries().then((entries) => build.build(entries));
      const [{ stackDirectory }] = await Promise.all([load(request, firstChild), building]);
      return stackDirectory;
    },
    playOptions: {
      archiveOf: ({ name }) => build.folderOf(entryOf[name] ?? name),
      watch(emulator, output) {
        // Not needed before the greeting.
        const starting = import("./watch-project.ts").then(({ watchProject }) =>
          watchProject({ build, loadedAt, synthesize: () => synthesizeAgain() }, emulator, output),
        );
        return () => void starting.then((stop) => stop());
      },
    },
    async stop() {
      firstChild.kill();
      await build.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
