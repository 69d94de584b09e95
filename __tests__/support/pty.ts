import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";

/** How long a test waits for a line. */
const PATIENCE_MILLISECONDS = 20_000;

/** A program in a process of its own, at its own terminal. */
export interface Pty {
  /** Types a line and presses enter. */
  type(line: string): void;
  /** Presses keys. */
  press(keys: string): void;
  /** Resolves once the program has shown what matches. Rejects, with all it has shown, when it does not. */
  shows(pattern: string | RegExp): Promise<void>;
  /** All that it has written, with what a terminal obeys. */
  written(): string;
  /** The same as text: what was shown and taken back is still there. */
  shown(): string;
  /** Ends the process at once: no close frame, no goodbye. */
  kill(): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Its exit code. */
  readonly ended: Promise<number>;
}

/** Runs a script of Node's, its flags and its arguments. Trap: where CI is set, Node takes no terminal for one with colours. */
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
      const deadline = Date.now() + PATIENCE_MILLISECONDS;
      while (!(typeof pattern === "string" ? shown().includes(pattern) : pattern.test(shown()))) {
        if (Date.now() > deadline) throw new Error(`The terminal never showed ${pattern}. It showed:\n${shown()}`);
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
