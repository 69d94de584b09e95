import { now } from "../aws/runtime.ts";
import { connections } from "../aws/table/connections.ts";
import { members } from "../aws/table/members.ts";
import { table } from "../aws/table/table.ts";
import { LOBBY } from "../chat/channel.ts";
import type { Connections, Members } from "../chat/ports.ts";
import { type Handler, lambda } from "./lambda.ts";

interface Ports {
  readonly connections: Pick<Connections, "add">;
  readonly members: Pick<Members, "add">;
}

/** The connection first: a member without one would never be cleaned by `$disconnect`. */
export const connect: Handler<Ports> = async ({ connections, members }, { connection }) => {
  const lobby = { channel: LOBBY, shard: 0 };
  await connections.add(connection, [lobby]);
  await members.add(lobby, connection);
  return {};
};

export const handler = lambda(connect, { connections: connections(table), members: members(table, now) });
