import type { MessagePort } from "node:worker_threads";

/** What a function's thread is started with. */
export interface RuntimeData {
  /** Where the archive is unpacked, Lambda's `/var/task`. */
  readonly taskRoot: string;
  /** `<file>.<export>`, the file without its ending. */
  readonly handler: string;
  readonly functionArn: string;
  /** Each answer says how much memory the thread holds. */
  readonly measuresMemory: boolean;
}

/** The thread's end of a channel that user code never sees: nothing it posts is taken for an answer. */
export interface RuntimePort {
  readonly port: MessagePort;
}

/** What it is given: one event, and the time it must end at. */
export interface RuntimeEvent {
  readonly requestId: string;
  /** In JSON, as Lambda hands it over. */
  readonly payload: string;
  readonly traceId: string;
  /** Both in epoch milliseconds. */
  readonly startedAt: number;
  readonly deadline: number;
}

/** An error as Lambda reports it to the caller. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Of errors that the handler's process told itself; Lambda's own have none. */
  readonly trace?: readonly string[];
}

/** From the least weighty on. */
export const LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogMessage {
  readonly kind: "log";
  readonly level: LogLevel;
  readonly message: unknown;
  /** Of the event under way; none while the handler is loaded. */
  readonly requestId?: string | undefined;
  /** What CloudWatch would make metrics of. */
  readonly isMetrics?: true;
}

/** What an event came to. The payload is JSON. `isLast`: the thread ends with it. */
export type HandlerAnswer = (
  | { readonly kind: "done"; readonly payload: string }
  | { readonly kind: "failed"; readonly error: FunctionError; readonly isLast?: true }
) & { readonly memoryBytes?: number };

/** What an event, or the loading of the handler, came to. */
export type Answer = HandlerAnswer | { readonly kind: "ready" };

/** What the thread says. */
export type RuntimeMessage = Answer | LogMessage;
