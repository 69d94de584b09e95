import { format } from "node:util";
import type { LogMessage } from "./runtime-messages.ts";

const LEVELS = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

/** Sends the output of the handler's console to Lambda's log. */
export function redirectConsole(log: (line: Pick<LogMessage, "level" | "message">) => void): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method as "log"] = (...values: unknown[]) => log({ level, message: messageOf(values) });
  }
}

/**
 * A single object stays an object, as in Lambda's JSON log format, unless it cannot be converted to JSON. Other values
 * become text.
 */
function messageOf(values: readonly unknown[]): unknown {
  const [first] = values;
  const isPlain = values.length === 1 && typeof first === "object" && first !== null && !(first instanceof Error);
  if (!isPlain) return format(...values);
  try {
    return JSON.parse(JSON.stringify(first));
  } catch {
    return format(first);
  }
}
