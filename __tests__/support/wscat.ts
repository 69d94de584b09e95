import { createRequire } from "node:module";
import { openPty, type Pty } from "./pty.ts";

const WSCAT = createRequire(import.meta.url).resolve("wscat/bin/wscat");

/** A `wscat` session. */
export interface Wscat extends Pty {
  /** The messages it has received, as it shows them. */
  received(): string[];
}

/** Opens `wscat <flags> -c url` and waits until it is connected. */
export async function wscat(url: string, ...flags: string[]): Promise<Wscat> {
  const pty = openPty([WSCAT, "--no-color", ...flags, "-c", url]);
  await pty.shows("Connected (press CTRL+C to quit)");
  return {
    ...pty,
    received: () => [...pty.shown().matchAll(/^< (.*)$/gm)].map(([, message = ""]) => message.trimEnd()),
  };
}
