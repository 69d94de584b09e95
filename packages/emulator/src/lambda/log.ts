import { LOG_LEVELS, type LogLevel, type LogMessage } from "./protocol.ts";

/** A line of a function's log, as Lambda writes it in JSON. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
export interface LogEntry {
  /** The name of the function, or `emulator`. */
  readonly source: string;
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly requestId: string | undefined;
  readonly message: unknown;
}

export type Log = (entry: LogEntry) => void;

/** Forwards the log of a function from the configured level upwards. */
export const logFrom =
  ({ name, logLevel }: { readonly name: string; readonly logLevel: string }, log: Log) =>
  ({ level, requestId, message }: LogMessage): void => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(logLevel as LogLevel)) return;
    log({ source: name, timestamp: new Date().toISOString(), level, requestId, message });
  };
