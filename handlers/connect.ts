import { presence } from "../aws/presence.ts";
import { newSuffix } from "../aws/runtime.ts";
import { LOBBY, LOBBY_SHARD } from "../chat/channel.ts";
import type { Connected } from "../chat/connection.ts";
import type { Connections, Members } from "../chat/ports.ts";
import { announce, type PresencePorts } from "../chat/presence.ts";
import { SUBPROTOCOL } from "../chat/protocol.ts";
import { guestName } from "../chat/user.ts";
import { type Handler, lambda } from "./lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "add" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove">;
  /** Six characters to tell a guest from others. */
  readonly newSuffix: () => string;
}

/** The connection first: a member without one would never be cleaned by `$disconnect`. */
export const connect: Handler<Ports> = async (ports, { connection, headers }) => {
  const isOffered = offers(headers["sec-websocket-protocol"]).includes(SUBPROTOCOL);
  const connected: Connected = {
    ...connection,
    user: guestName(ports.newSuffix()),
    protocol: isOffered ? SUBPROTOCOL : "plain",
    memberships: [LOBBY_SHARD],
  };
  await ports.connections.add(connected);
  await ports.members.add(LOBBY_SHARD, connected);
  const frame = { type: "joined", channel: LOBBY, user: connected.user } as const;
  await announce(ports, { shard: LOBBY_SHARD, frame, about: connected });
  return { ...(isOffered && { subprotocol: SUBPROTOCOL }) };
};

/** As one header with commas between them, whatever the client sent. */
const offers = (header = ""): readonly string[] => header.split(",").map((offer) => offer.trim());

export const handler = lambda(connect, { ...presence, newSuffix });
