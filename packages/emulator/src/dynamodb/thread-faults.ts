import { AsyncLocalStorage } from "node:async_hooks";
import type { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { reasonOf } from "../boundary.ts";

/** Answers requests so that an exception affects only the request that caused it. */
export class RequestBoundary {
  readonly #report: (sentence: string) => void;
  readonly #pending = new Set<ServerResponse>();
  readonly #current = new AsyncLocalStorage<ServerResponse>();

  constructor(report: (sentence: string) => void) {
    this.#report = report;
  }

  run(response: ServerResponse, answer: () => Promise<void>): void {
    this.#pending.add(response);
    response.once("close", () => this.#pending.delete(response));
    this.#current.run(response, answer).catch((fault) => this.#fail([response], fault));
  }

  /**
   * Also catches exceptions outside of any call, which `process` emits as `uncaughtException`. All pending requests fail
   * if it is unknown which one caused it, because it waited for another write of the same item. A fault of the database
   * itself still ends the thread.
   */
  catchExceptions(source: EventEmitter): void {
    const onFault = (fault: unknown): void => {
      if (!isOfDatabase(fault)) {
        const cause = this.#current.getStore();
        this.#fail(cause && this.#pending.has(cause) ? [cause] : [...this.#pending], fault);
        return;
      }
      source.off("uncaughtException", onFault);
      // Trap: an exception within the listener would hide the error from the thread that waits for it.
      setImmediate(() => {
        throw fault;
      });
    };
    source.on("uncaughtException", onFault);
  }

  /** Answers with the error that DynamoDB documents for a fault of its own. The SDK repeats the request. */
  #fail(responses: readonly ServerResponse[], fault: unknown): void {
    const message = `The embedded DynamoDB failed to process a request: ${reasonOf(fault)}.`;
    this.#report(`${message} If later writes of the same item do not end, restart the emulator.`);
    for (const response of responses) {
      this.#pending.delete(response);
      if (response.headersSent) {
        response.destroy();
        continue;
      }
      response.writeHead(500, { "Content-Type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message }));
    }
  }
}

/** An error of the store, or of dynalite if the store cannot be opened. https://github.com/Level/abstract-level#errors */
function isOfDatabase(fault: unknown): boolean {
  const { code, message } = (fault ?? {}) as Partial<NodeJS.ErrnoException>;
  return String(code).startsWith("LEVEL_") || message === "Database is closed";
}
