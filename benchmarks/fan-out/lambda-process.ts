import type { ChildProcess } from "node:child_process";
import { pathToFileURL } from "node:url";
import { environments } from "../../infra/environments.ts";
import { endChild, request, startChild } from "../harness/child-process.ts";
import { limitCpu, shareOf } from "../harness/cpu-share.ts";
import type { Invocation, InvocationResult } from "./lambda-host.ts";

const [settings] = environments;
const MEGABYTES = settings?.functionMemoryMegabytes ?? 0;

/** Lambda's share of a core for the memory of the chat's functions. */
export const CPU_SHARE = shareOf(MEGABYTES);

/** The flags that Lambda derives from the memory of a function: a tenth of it is for the young generation. */
export const memoryFlags = (megabytes: number): string[] => [
  `--max-semi-space-size=${Math.floor(megabytes / 20)}`,
  `--max-old-space-size=${megabytes - Math.floor(megabytes / 10)}`,
];

const STDERR_CHARACTERS_MAX = 2_000;

/** A process instead of an execution environment of Lambda. It handles one invocation at a time and can run out of memory. */
export interface LambdaProcess {
  /** Rejects if the process dies, with the end of its standard error. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** Gives the process this share of a core from now on. It must have started. */
  limitCpu(share: number): void;
  stop(): Promise<void>;
}

/** After a process has died, the next invocation starts a new one, as Lambda does. `host` is the bundle of lambda-host.ts. */
export function startLambdaProcess(host: string, variables: Readonly<Record<string, string>>): LambdaProcess {
  let child: ChildProcess | undefined;
  let stderr = "";
  let endLimit = (): void => undefined;
  const start = (): ChildProcess => {
    stderr = "";
    const started = startChild(pathToFileURL(host), [], { flags: memoryFlags(MEGABYTES), variables, isQuiet: true });
    started.stderr?.on("data", (text) => {
      stderr = (stderr + text).slice(-STDERR_CHARACTERS_MAX);
    });
    return started;
  };
  return {
    async invoke(invocation) {
      child ??= start();
      try {
        return await request<InvocationResult>(child, invocation);
      } catch (fault) {
        child = undefined;
        throw new Error(`${(fault as Error).message} ${stderr.trim()}`, { cause: fault });
      }
    },
    limitCpu(share) {
      if (child) endLimit = limitCpu(child, share);
    },
    async stop() {
      endLimit();
      if (child) await endChild(child);
    },
  };
}
