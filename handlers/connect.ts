import { type Identity, identityInContext, identityOfSigner } from "../authentication/identity.ts";
import { presence } from "../aws/presence.ts";
import { allowedOrigins, authentication, connectionsPerUserMax, newSuffix, now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { sourceOf } from "../chat/address.ts";
import { LOBBY, shardForNewcomer } from "../chat/channel.ts";
import { type Connected, isAuthenticated } from "../chat/connection.ts";
import { type CrowdingPorts, crowded } from "../chat/crowding.ts";
import { offersIn } from "../chat/offers.ts";
import type { Addresses, Channels, Connections, Members, Users } from "../chat/ports.ts";
import { announce, type PresencePorts } from "../chat/presence.ts";
import { SUBPROTOCOL } from "../chat/protocol.ts";
import { guestName } from "../chat/user.ts";
import { type Caller, type Handler, lambda, type Request } from "./lambda.ts";

interface Ports extends PresencePorts, CrowdingPorts {
  readonly connections: Pick<Connections, "add" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove">;
  readonly users: Pick<Users, "add" | "connectionsOf" | "remove">;
  readonly addresses: Addresses;
  readonly channels: Pick<Channels, "shardsOf">;
  /** Six characters to tell a guest from others. */
  readonly newSuffix: () => string;
  /** The environment's kind of authentication. */
  readonly authentication: () => string;
  /** Where pages that connect may come from; undefined: anywhere. */
  readonly allowedOrigins: () => readonly string[] | undefined;
}

/** The connection first: what is written without one would never be cleaned by `$disconnect`. */
export const connect: Handler<Ports> = async (ports, request) => {
  if (!comesFromAllowed(ports.allowedOrigins(), request)) return { forbidden: true, facts: { refused: "origin" } };
  const identity = identify(ports.authentication(), request.caller);
  const shards = (await ports.channels.shardsOf(LOBBY)) ?? 1;
  const shard = { channel: LOBBY, shard: shardForNewcomer(shards, ports.random()) };
  const isOffered = offersIn(request.headers).includes(SUBPROTOCOL);
  const connected: Connected = {
    ...request.connection,
    user: identity?.user ?? guestName(ports.newSuffix()),
    ...(identity && { groups: identity.groups, expiresAt: identity.expiresAt }),
    protocol: isOffered ? SUBPROTOCOL : "plain",
    memberships: [shard],
    ...(ports.connectionsPerAddressMax() !== undefined && {
      address: sourceOf(String(request.caller.identity.sourceIp)),
    }),
  };
  await store(ports, connected);
  const limit = await crowded(ports, connected);
  if (limit) {
    await unstore(ports, connected);
    return { tooMany: true, facts: { refused: `connections of the ${limit}` } };
  }
  const about = { ...connected, ...(isAuthenticated(connected) && { joinedAt: ports.now() }) };
  await ports.members.add(shard, about);
  ports.count("ConnectionsOpened");
  await announce(ports, { channel: LOBBY, frame: { type: "joined", channel: LOBBY, user: about.user }, about });
  return { ...(isOffered && { subprotocol: SUBPROTOCOL }) };
};

async function store(ports: Ports, connected: Connected): Promise<void> {
  await ports.connections.add(connected);
  if (isAuthenticated(connected)) await ports.users.add(connected);
  if (connected.address !== undefined) await ports.addresses.add(connected.address, connected);
}

/** In the other order: what broke off is found by way of the connection. */
async function unstore(ports: Ports, { id, user, address, groups }: Connected): Promise<void> {
  if (address !== undefined) await ports.addresses.remove(address, id);
  if (groups) await ports.users.remove(user, id);
  await ports.connections.remove(id);
}

/** Only browsers name an origin, and cannot be made to lie: a page from elsewhere would speak for who looks at it. */
const comesFromAllowed = (allowed: readonly string[] | undefined, { headers: { origin } }: Request): boolean =>
  origin === undefined || allowed === undefined || allowed.includes(origin);

/** Undefined where nobody is asked. */
function identify(kind: string, { authorizer, identity }: Caller): Identity | undefined {
  if (kind === "none") return undefined;
  return kind === "iam" ? identityOfSigner(identity) : identityInContext(authorizer);
}

export const handler = lambda(connect, {
  ...presence,
  channels: channels(table, now),
  newSuffix,
  authentication,
  allowedOrigins,
  connectionsPerUserMax,
});
