import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";

/** How long a test waits for a line. */
const PATIENCE_MILLISECONDS = 20_000;

const WSCAT = createRequire(import.meta.url).resolve("wscat/bin/wscat");

/** A `wscat` session of its own process, at its own terminal. */
export interface Wscat {
  /** Types a line and presses enter. */
  type(line: string): void;
  /** Resolves once wscat has shown what matches. Rejects, with all it has shown, when it does not. */
  shows(pattern: string | RegExp): Promise<void>;
  /** The messages it has received, as it shows them. */
  received(): string[];
  /** Ends the process at once: no close frame, no goodbye. */
  kill(): void;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Opens `wscat <flags> -c url` and waits until it is connected. */
export async function wscat(url: string, ...flags: string[]): Promise<Wscat> {
  const terminal = spawn(process.execPath, [WSCAT, "--no-color", ...flags, "-c", url], { cols: 400, rows: 50 });
  let shown = "";
  let changed: () => void = () => undefined;
  terminal.onData((data) => {
    shown += stripVTControlCharacters(data);
    changed();
  });
  const session: Wscat = {
    type: (line) => terminal.write(`${line}\r`),
    async shows(pattern) {
      const deadline = Date.now() + PATIENCE_MILLISECONDS;
      while (!(typeof pattern === "string" ? shown.includes(pattern) : pattern.test(shown))) {
        if (Date.now() > deadline) throw new Error(`wscat never showed ${pattern}. It showed:\n${shown}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
          setTimeout(resolve, 200);
        });
      }
    },
    received: () => [...shown.matchAll(/^< (.*)$/gm)].map(([, message = ""]) => message.trimEnd()),
    kill: () => terminal.kill("SIGKILL"),
    interrupt: () => terminal.write("\x03"),
  };
  await session.shows("Connected (press CTRL+C to quit)");
  return session;
}
