import { now } from "../aws/runtime.ts";
import { connections } from "../aws/table/connections.ts";
import { members } from "../aws/table/members.ts";
import { table } from "../aws/table/table.ts";
import { forget } from "../chat/forget.ts";
import type { Connections, Members } from "../chat/ports.ts";
import { type Handler, lambda } from "./lambda.ts";

interface Ports {
  readonly connections: Pick<Connections, "remove">;
  readonly members: Pick<Members, "remove">;
}

export const disconnect: Handler<Ports> = async (ports, { connection }) => {
  await forget(ports, connection.id);
  return {};
};

export const handler = lambda(disconnect, { connections: connections(table), members: members(table, now) });
