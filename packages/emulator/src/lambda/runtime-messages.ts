import type { MessagePort } from "node:worker_threads";
import type { PublicHosts } from "./public-hosts.ts";

/* The messages between the emulator and the worker thread of an execution environment. */

/** The data with which the thread starts. */
export interface RuntimeData {
  /** The folder of the unpacked archive, `/var/task` in Lambda. */
  readonly taskRoot: string;
  /** `FILE.EXPORT`, where FILE has no extension. */
  readonly handler: string;
  readonly functionArn: string;
  readonly functionName: string;
  /** Where connections to the public hosts of emulated services lead. */
  readonly publicHosts: PublicHosts;
  /** The function's variable `NODE_OPTIONS`. */
  readonly nodeOptions: string | undefined;
  /** Whether stack traces are mapped to the sources. */
  readonly hasSourceMaps: boolean;
  /** Whether each result contains the memory that the thread uses. */
  readonly measuresMemory: boolean;
}

/** The thread's end of a channel that is hidden from the function's code, so that the code cannot forge results. */
export interface RuntimePort {
  readonly port: MessagePort;
}

/** One invocation. */
export interface RuntimeEvent {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly traceId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/** An error as Lambda reports it to the caller. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Absent in errors that Lambda itself reports, such as a timeout. */
  readonly trace?: readonly string[];
}

/** In ascending order of severity. */
export const LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogMessage {
  readonly kind: "log";
  readonly level: LogLevel;
  readonly message: unknown;
  /** Absent while the handler is loaded. */
  readonly requestId?: string | undefined;
  /** The message is in the embedded metric format. */
  readonly isMetrics?: true;
}

/** The result of an invocation. The payload is JSON. `isLast`: the thread exits after it. */
export type HandlerResult = (
  | { readonly kind: "done"; readonly payload: string }
  | { readonly kind: "failed"; readonly error: FunctionError; readonly isLast?: true }
) & { readonly memoryBytes?: number };

/** The result of an invocation, or of loading the handler. */
export type RuntimeResult = HandlerResult | { readonly kind: "ready" };

export type RuntimeMessage = RuntimeResult | LogMessage;
