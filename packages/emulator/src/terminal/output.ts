import { appendFileSync } from "node:fs";
import { printable, reasonOf } from "../boundary.ts";
import type { LogEntry } from "../lambda/log.ts";

/** Keeps the process running if the reader of its output ends, as in `npm start | head`. Says so once. */
export function surviveClosedOutput(): void {
  process.stderr.on("error", () => undefined);
  let isReported = false;
  process.stdout.on("error", (fault) => {
    if (isReported) return;
    isReported = true;
    console.error(
      `The standard output cannot be written, and logs are no longer shown: ${fault.message}. The emulator still runs; Ctrl-C stops it.`,
    );
  });
}

/** Returns a function that appends lines to a file. Throws now if the file cannot be opened. */
export function lineWriter(path: string): (line: string) => void {
  try {
    appendFileSync(path, "");
  } catch (fault) {
    throw new Error(
      `The access log cannot be written to ${path}: ${reasonOf(fault)}. Pass a file in an existing folder with --access-log.`,
      { cause: fault },
    );
  }
  return (line) => appendFileSync(path, `${line}\n`);
}

/** Functions log what clients send. A control character could clear the terminal, or write another title or text. */
export function logLine({ timestamp, level, source, message }: LogEntry): string {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  return `${timestamp.slice(11, 19)} ${level.padEnd(5)} ${source} ${text}`.replaceAll(/[^\n\t]+/g, printable);
}
