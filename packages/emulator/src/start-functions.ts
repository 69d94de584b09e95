import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEBUGGED_MILLISECONDS } from "./debugger.ts";
import type { EmulatedTime } from "./emulated-time.ts";
import type { Observe } from "./inspector/events.ts";
import { linkRuntimePackages } from "./lambda/archive.ts";
import type { Endpoints } from "./lambda/environment-variables.ts";
import { createFunctions, type Functions } from "./lambda/functions.ts";
import type { Log } from "./lambda/log.ts";
import { publicHosts } from "./lambda/public-hosts.ts";
import { type ArchiveOf, type Deployment, playedFunctions, variablesIn } from "./update.ts";

interface FunctionsSetup {
  readonly endpoints: Endpoints;
  readonly log: Log;
  readonly observe: Observe | undefined;
  readonly time: EmulatedTime;
  readonly verbose?: boolean;
  readonly archiveOf?: ArchiveOf | undefined;
  readonly inspectPort?: number | undefined;
  /** Receives functions that release what was opened. */
  readonly closers: (() => Promise<void> | void)[];
}

/** Creates the functions of the stack. Nothing runs before the first event. */
export function startFunctions(
  deployment: Deployment,
  { endpoints, closers, archiveOf, ...options }: FunctionsSetup,
): Functions {
  const { stack } = deployment;
  const directory = mkdtempSync(join(tmpdir(), "emulator-"));
  closers.push(() => rmSync(directory, { recursive: true }));
  linkRuntimePackages(directory);
  const created = createFunctions(playedFunctions(stack, archiveOf), {
    ...options,
    now: options.time.now,
    ...(options.inspectPort !== undefined && { initMillisecondsMax: DEBUGGED_MILLISECONDS }),
    directory,
    publicHosts: publicHosts(stack, endpoints),
    variables: variablesIn(deployment, endpoints),
  });
  closers.push(created.stop);
  return created;
}
