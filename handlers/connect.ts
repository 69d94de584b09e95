import { presence } from "../aws/presence.ts";
import { newSuffix, now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { LOBBY, shardForNewcomer } from "../chat/channel.ts";
import type { Connected } from "../chat/connection.ts";
import type { Channels, Connections, Members } from "../chat/ports.ts";
import { announce, type PresencePorts } from "../chat/presence.ts";
import { SUBPROTOCOL } from "../chat/protocol.ts";
import { guestName } from "../chat/user.ts";
import { type Handler, lambda } from "./lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "add" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
  /** Six characters to tell a guest from others. */
  readonly newSuffix: () => string;
}

/** The connection first: a member without one would never be cleaned by `$disconnect`. */
export const connect: Handler<Ports> = async (ports, { connection, headers }) => {
  const shards = (await ports.channels.shardsOf(LOBBY)) ?? 1;
  const shard = { channel: LOBBY, shard: shardForNewcomer(shards, ports.random()) };
  const isOffered = offers(headers["sec-websocket-protocol"]).includes(SUBPROTOCOL);
  const connected: Connected = {
    ...connection,
    user: guestName(ports.newSuffix()),
    protocol: isOffered ? SUBPROTOCOL : "plain",
    memberships: [shard],
  };
  await ports.connections.add(connected);
  await ports.members.add(shard, connected);
  ports.count("ConnectionsOpened");
  const frame = { type: "joined", channel: LOBBY, user: connected.user } as const;
  await announce(ports, { channel: LOBBY, frame, about: connected });
  return { ...(isOffered && { subprotocol: SUBPROTOCOL }) };
};

/** As one header with commas between them, whatever the client sent. */
const offers = (header = ""): readonly string[] => header.split(",").map((offer) => offer.trim());

export const handler = lambda(connect, { ...presence, channels: channels(table, now), newSuffix });
