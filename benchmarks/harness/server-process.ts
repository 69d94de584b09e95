import { endChild, firstMessage, startChild } from "./child-process.ts";

/** A server that runs, in a process of its own. */
export interface Running {
  /** Where clients connect. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A server to be measured. */
export interface Server {
  readonly name: string;
  start(): Promise<Running>;
}

const START_SECONDS_MAX = 30;

/** A server that tells its address by itself: a module that sends `{ url }` to its parent. */
export const ownServer = (name: string, module: URL): Server => ({
  name,
  async start() {
    const child = startChild(module);
    const { url } = await firstMessage<{ readonly url: string }>(child, START_SECONDS_MAX);
    return { url, stop: () => endChild(child) };
  },
});
