import type { ChildProcess } from "node:child_process";
import { endChild, firstMessage, startChild } from "./child-process.ts";

/** A running server, in a process of its own. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server that a benchmark measures. */
export interface Server {
  readonly name: string;
  start(): Promise<RunningServer>;
}

const START_SECONDS_MAX = 30;

/** A server in a module that sends `{ url }` to its parent process when it is ready. */
export const serverInModule = (name: string, module: URL): Server => ({
  name,
  async start() {
    const child = startChild(module);
    return { url: await urlOf(child, START_SECONDS_MAX), stop: () => endChild(child) };
  },
});

/** The URL that a process sends when it is ready. */
export async function urlOf(child: ChildProcess, secondsMax: number): Promise<string> {
  const { url } = await firstMessage<{ readonly url: string }>(child, secondsMax);
  return url;
}
