import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "./connection.ts";

/**
 * Remembers the connections whose `$disconnect` has not run, so that the next start can run it after the process was
 * killed. In AWS, `$disconnect` also runs for clients that vanish.
 */
export interface ConnectionJournal {
  /** The connections that an earlier process has left. */
  readonly stale: readonly Connection[];
  /** Must be called before `$connect` runs. */
  opened(connection: Connection): void;
  /** Must be called after `$disconnect` has run, or if the handshake is refused. */
  closed(connectionId: string): void;
}

/** For an emulator whose items do not persist either. */
export const noJournal: ConnectionJournal = { stale: [], opened: () => undefined, closed: () => undefined };

type Entry = { readonly opened: Connection } | { readonly closed: string };

/** Keeps the journal in a file of a folder, one JSON entry a line. The file is compacted at the start. */
export function journalIn(directory: string): ConnectionJournal {
  const path = join(directory, "connections.jsonl");
  const stale = readStale(path);
  const lines = stale.map((opened) => `${JSON.stringify({ opened })}\n`);
  writeFileSync(path, lines.join(""), { mode: 0o600 });
  const append = (entry: Entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`);
  return {
    stale,
    opened: (connection) => append({ opened: connection }),
    closed: (connectionId) => append({ closed: connectionId }),
  };
}

function readStale(path: string): Connection[] {
  const stale = new Map<string, Connection>();
  for (const entry of entriesIn(path)) {
    if ("opened" in entry) stale.set(entry.opened.id, entry.opened);
    else stale.delete(entry.closed);
  }
  return [...stale.values()];
}

/** The last line is incomplete if the process was killed while it wrote. */
function entriesIn(path: string): Entry[] {
  const lines = readIfExists(path).split("\n").slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line);
    } catch (fault) {
      throw new Error(
        `Line ${index + 1} of ${path} is not JSON. Delete the file; its connections stay in the tables.`,
        {
          cause: fault,
        },
      );
    }
  });
}

function readIfExists(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw fault;
  }
}
