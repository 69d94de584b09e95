import type { Shard } from "./channel.ts";
import type { Connection } from "./connection.ts";

/** Who is connected. */
export interface Connections {
  add(connection: Connection, memberships: readonly Shard[]): Promise<void>;
  /** Removes a connection and says which memberships it had: none when it was not there. */
  remove(connectionId: string): Promise<readonly Shard[]>;
}

/** Who hears what is said in a channel. */
export interface Members {
  add(shard: Shard, connection: Connection): Promise<void>;
  remove(shard: Shard, connectionId: string): Promise<void>;
  /** The shard's members, a page at a time: memory is that of a page, however large the channel. */
  pages(shard: Shard): AsyncIterable<readonly Connection[]>;
}

/** What one PostToConnection came to. `gone`: there is no such open connection (410). Anything else is a fault. */
export type PushOutcome = "delivered" | "gone";

export type Push = (connectionId: string, frame: string) => Promise<PushOutcome>;

/** Epoch milliseconds. */
export type Now = () => number;
