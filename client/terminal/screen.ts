import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Line } from "./lines.ts";

/** Where somebody reads and types. */
export interface Screen {
  show(lines: readonly Line[]): void;
  /** What stands before the line that is typed. */
  prompt(text: string): void;
  /** Takes back the line that was typed last: what it says is shown once it has been said. */
  takeBack(): void;
  close(): void;
}

export interface Streams {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly errors: WriteStream;
}

export interface ScreenEvents {
  readonly onLine: (line: string) => Promise<void>;
  /** A pipe has ended, and all that came by it is done. */
  readonly onEnd: () => void;
  /** Ctrl-C or Ctrl-D. */
  readonly onLeave: () => void;
  readonly complete: (line: string) => readonly string[];
}

/** Whether lines can be edited, and what was shown be drawn anew. */
export const isInteractive = ({ input, output }: Streams): boolean => Boolean(input.isTTY && output.isTTY);

/**
 * Line by line, each once the one before is done. What was said goes to the output, notes go to the errors, so that the
 * output can be another program's input.
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
    takeBack: () => undefined,
    close: () => readline.close(),
  };
}

/** A line to edit at the bottom, and above it what was shown. */
export function editingScreen({ input, output }: Streams, events: ScreenEvents): Screen {
  const completer = (line: string): [string[], string] => [[...events.complete(line)], line];
  const readline = createInterface({ input, output, completer, historySize: 500, removeHistoryDuplicates: true });
  readline.on("line", (line) => void events.onLine(line));
  readline.on("close", events.onLeave);
  readline.on("SIGINT", events.onLeave);
  const rowsTyped = watchRows(input, readline);
  const erase = (rowsUp: number): void => {
    moveCursor(output, 0, -rowsUp);
    cursorTo(output, 0);
    clearScreenDown(output);
  };
  return {
    show(lines) {
      const { rows } = readline.getCursorPos();
      erase(rows);
      // Trap: readline goes up by as many rows as its line had before, whatever was written meanwhile.
      output.write(`${lines.map((line) => `${painted(line, output)}\n`).join("")}${"\n".repeat(rows)}`);
    },
    prompt(text) {
      readline.setPrompt(text);
      readline.prompt(true);
    },
    takeBack: () => erase(rowsTyped()),
    close() {
      erase(readline.getCursorPos().rows);
      readline.close();
    },
  };
}

/** How many rows the line took that was typed last. Asked at its end, before readline goes on to the next line. */
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
