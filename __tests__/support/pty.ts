import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";

/** The longest time to wait for output. */
const OUTPUT_MILLISECONDS_MAX = 20_000;

/** A process with a pseudoterminal. */
export interface Pty {
  /** Types a line, and presses Enter. */
  type(line: string): void;
  /** Presses keys. */
  press(keys: string): void;
  /** Resolves when the output matches. Rejects on a timeout, with the output so far. */
  shows(pattern: string | RegExp): Promise<void>;
  /** The output so far, with control sequences. */
  written(): string;
  /** The output so far as text. It includes text that was overwritten. */
  shown(): string;
  /** Kills the process, so that it sends no close frame. */
  kill(): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Its exit code. */
  readonly ended: Promise<number>;
}

/** Runs Node.js with these arguments. Trap: if CI is set, Node.js assumes that the terminal has no colors. */
export function openPty(args: readonly string[]): Pty {
  const { CI: _, ...env } = process.env;
  const terminal = spawn(process.execPath, [...args], {
    cols: 400,
    rows: 50,
    env: { ...env, TERM: "xterm-256color" },
  });
  let written = "";
  let changed: () => void = () => undefined;
  terminal.onData((data) => {
    written += data;
    changed();
  });
  const shown = (): string => stripVTControlCharacters(written);
  return {
    type: (line) => terminal.write(`${line}\r`),
    press: (keys) => terminal.write(keys),
    async shows(pattern) {
      const deadline = Date.now() + OUTPUT_MILLISECONDS_MAX;
      while (!(typeof pattern === "string" ? shown().includes(pattern) : pattern.test(shown()))) {
        if (Date.now() > deadline) throw new Error(`The output did not match ${pattern} in time:\n${shown()}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
          setTimeout(resolve, 200);
        });
      }
    },
    written: () => written,
    shown,
    kill: () => terminal.kill("SIGKILL"),
    interrupt: () => terminal.write("\x03"),
    ended: new Promise((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    }),
  };
}

const WSCAT = createRequire(import.meta.url).resolve("wscat/bin/wscat");

/** A `wscat` session. */
export interface Wscat extends Pty {
  /** The received messages, as wscat shows them. */
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
