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
  readonly timeoutMilliseconds: number;
  /** Whether the thread reports the start of each event, and its memory with each result. */
  readonly isVerbose: boolean;
}

/** What the function's code cannot reach, so that it cannot forge results: the thread's end of the channel, and claims. */
export interface RuntimeChannel {
  readonly port: MessagePort;
  /** The memory of `EventClaims`. */
  readonly claims: SharedArrayBuffer;
  /** The memory of `EmulatedTime`. */
  readonly time: SharedArrayBuffer;
}

/** One invocation. */
export interface RuntimeEvent {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
}

/** An event in the channel. An environment numbers its events. */
export interface NumberedEvent extends RuntimeEvent {
  readonly sequence: number;
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

/** The result of a handler. The payload is JSON. */
export type HandlerResult =
  | { readonly kind: "done"; readonly payload: string }
  | { readonly kind: "failed"; readonly error: FunctionError };

/** The result of an event. */
export type RuntimeResult = HandlerResult & {
  readonly milliseconds: number;
  readonly memoryBytes?: number;
  /** The thread exits after it. */
  readonly isLast?: true;
};

/** `broken`: the handler cannot be loaded, or code of an earlier event has thrown between two events. The thread exits. */
export type RuntimeMessage =
  | RuntimeResult
  | LogMessage
  | { readonly kind: "ready" }
  | { readonly kind: "started" }
  | { readonly kind: "broken"; readonly error: FunctionError };
