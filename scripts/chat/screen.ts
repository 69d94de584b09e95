import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Line } from "./lines.ts";

/** The input and output of a terminal or a pipe. */
export interface Screen {
  show(lines: readonly Line[]): void;
  /** Sets the text before the input line. */
  prompt(text: string): void;
  /** Erases the line that was entered last: its message is shown once it has been sent. */
  eraseInput(): void;
  close(): void;
}

export interface Streams {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly errors: WriteStream;
}

export interface ScreenEvents {
  readonly onLine: (line: string) => Promise<void>;
  /** A pipe has ended, and all of its lines have been processed. */
  readonly onEnd: () => void;
  /** Ctrl-C or Ctrl-D. */
  readonly onQuit: () => void;
  readonly complete: (line: string) => readonly string[];
}

/** Whether lines can be edited and redrawn. */
export const isInteractive = ({ input, output }: Streams): boolean => Boolean(input.isTTY && output.isTTY);

/**
 * Processes one line after the other. Messages go to standard output and notes to standard error, so that the output can be
 * the input of another program.
 */
export function plainScreen({ input, output, errors }: Streams, { onLine, onEnd }: ScreenEvents): Screen {
  const readline = createInterface({ input, terminal: false });
  let turn = Promise.resolve();
  readline.on("line", (line) => {
    turn = turn.then(() => onLine(line));
  });
  readline.on("close", () => void turn.then(onEnd));
  return {
    show(lines) {
      for (const { kind, text } of lines) (kind === "note" ? errors : output).write(`${text}\n`);
    },
    prompt: () => undefined,
    eraseInput: () => undefined,
    close: () => readline.close(),
  };
}

/** An input line at the bottom, and the output above it. */
export function editingScreen({ input, output }: Streams, events: ScreenEvents): Screen {
  const completer = (line: string): [string[], string] => [[...events.complete(line)], line];
  const readline = createInterface({ input, output, completer, historySize: 500, removeHistoryDuplicates: true });
  readline.on("line", (line) => void events.onLine(line));
  readline.on("close", events.onQuit);
  readline.on("SIGINT", events.onQuit);
  const rowsOfInput = watchRows(input, readline);
  const erase = (rowsUp: number): void => {
    moveCursor(output, 0, -rowsUp);
    cursorTo(output, 0);
    clearScreenDown(output);
  };
  return {
    show(lines) {
      const { rows } = readline.getCursorPos();
      erase(rows);
      // Trap: readline moves up by as many rows as its line had before, even if other lines were written since.
      output.write(`${lines.map((line) => `${painted(line, output)}\n`).join("")}${"\n".repeat(rows)}`);
    },
    prompt(text) {
      readline.setPrompt(text);
      readline.prompt(true);
    },
    eraseInput: () => erase(rowsOfInput()),
    close() {
      erase(readline.getCursorPos().rows);
      readline.close();
    },
  };
}

/** Returns the number of rows of the last input line. It is read at the end of the line, before readline moves on. */
function watchRows(input: ReadStream, readline: Interface): () => number {
  let rows = 0;
  input.prependListener("keypress", (_, key?: { readonly name?: string }) => {
    if (key?.name !== "return" && key?.name !== "enter") return;
    readline.write(null, { ctrl: true, name: "e" });
    rows = readline.getCursorPos().rows + 1;
  });
  return () => rows;
}

const STYLES = { own: "cyan", note: "dim" } as const;

const painted = ({ kind, text }: Line, output: WriteStream): string =>
  kind === "others" || !output.hasColors() ? text : styleText(STYLES[kind], text);
