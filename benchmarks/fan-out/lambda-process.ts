import type { ChildProcess } from "node:child_process";
import { pathToFileURL } from "node:url";
import { environments } from "../../infra/environments.ts";
import { ask, endChild, startChild } from "../harness/child-process.ts";
import type { Call, Took } from "./lambda-host.ts";

const [settings] = environments;
const MEGABYTES = settings?.functionMemoryMegabytes ?? 0;

/** As Lambda shares a function's memory out to Node: a tenth is for what is new. */
const FLAGS = [
  `--max-semi-space-size=${Math.floor(MEGABYTES / 20)}`,
  `--max-old-space-size=${MEGABYTES - Math.floor(MEGABYTES / 10)}`,
];

/** An environment of Lambda's: a process that takes one event after the other, and may die of one. */
export interface Environment {
  /** Rejects when it dies, with the words of the end. */
  call(call: Call): Promise<Took>;
  stop(): Promise<void>;
}

/** The next call after a death has a new process, as in Lambda. */
export function startEnvironment(player: string, variables: Readonly<Record<string, string>>): Environment {
  let child: ChildProcess | undefined;
  let words = "";
  const start = (): ChildProcess => {
    words = "";
    const started = startChild(pathToFileURL(player), [], {
      flags: FLAGS,
      variables,
      isQuiet: true,
    });
    started.stderr?.on("data", (text) => {
      words = (words + text).slice(-2_000);
    });
    return started;
  };
  return {
    async call(call) {
      child ??= start();
      try {
        return await ask<Took>(child, call);
      } catch (fault) {
        child = undefined;
        throw new Error(`${(fault as Error).message} ${words.trim()}`, { cause: fault });
      }
    },
    async stop() {
      if (child) await endChild(child);
    },
  };
}
