import type { EventEmitter } from "node:events";
import type { Server } from "node:http";
import { reasonOf } from "../boundary.ts";

interface FaultOptions {
  /** `process`, which emits `uncaughtException`. */
  readonly source: EventEmitter;
  readonly server: Server;
  readonly report: (sentence: string) => void;
}

/**
 * Keeps a server running after an exception of one request. The exception does not tell which request it belongs to, so
 * all open requests fail, and their clients retry. A fault of the database itself still ends the thread.
 */
export function keepServing({ source, server, report }: FaultOptions): void {
  const onFault = (fault: unknown): void => {
    if (isOfDatabase(fault)) {
      source.off("uncaughtException", onFault);
      // Trap: an exception within the listener would hide the error from the thread that waits for it.
      setImmediate(() => {
        throw fault;
      });
      return;
    }
    report(
      `The embedded DynamoDB failed to process a request, and closed all connections. Clients retry. If requests hang, restart the emulator. ${reasonOf(fault)}`,
    );
    server.closeAllConnections();
  };
  source.on("uncaughtException", onFault);
}

/** An error of the store, or of dynalite if the store cannot be opened. https://github.com/Level/abstract-level#errors */
function isOfDatabase(fault: unknown): boolean {
  const { code, message } = (fault ?? {}) as Partial<NodeJS.ErrnoException>;
  return String(code).startsWith("LEVEL_") || message === "Database is closed";
}
