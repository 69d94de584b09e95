import { type Identity, identityInContext, identityOfSigner } from "../authentication/identity.ts";
import { presence } from "../aws/presence.ts";
import { probe } from "../aws/probe.ts";
import { allowedOrigins, authentication, connectionsPerUserMax, newSuffix, now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { sourceOf } from "../chat/address.ts";
import { LOBBY } from "../chat/channel.ts";
import { type Connected, isAuthenticated, type Member } from "../chat/connection.ts";
import { type Crowding, type CrowdingPorts, crowded } from "../chat/crowding.ts";
import { shardForNewcomer } from "../chat/growth.ts";
import { offersIn } from "../chat/offers.ts";
import type { Addresses, Channels, Connections, Members, Users } from "../chat/ports.ts";
import { announce, type PresencePorts, sayFarewell } from "../chat/presence.ts";
import { SUBPROTOCOL } from "../chat/protocol.ts";
import { guestName } from "../chat/user.ts";
import { type Caller, type Handler, lambda, type Request } from "./lambda.ts";

interface Ports extends PresencePorts, CrowdingPorts {
  readonly connections: Pick<Connections, "add" | "glance" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove">;
  readonly users: Pick<Users, "add" | "connectionsOf" | "remove">;
  readonly addresses: Addresses;
  readonly channels: Pick<Channels, "open">;
  /** Six characters to tell a guest from others. */
  readonly newSuffix: () => string;
  /** The environment's kind of authentication. */
  readonly authentication: () => string;
  /** Where pages that connect may come from; undefined: anywhere. */
  readonly allowedOrigins: () => readonly string[] | undefined;
}

/** The connection first: it lists everything that is written after it, so a function that finds it gone can clean up. */
export const connect: Handler<Ports> = async (ports, request) => {
  if (!comesFromAllowed(ports.allowedOrigins(), request)) return { forbidden: true, facts: { refused: "origin" } };
  const identity = identify(ports.authentication(), request.caller);
  const newcomers = await ports.channels.open(LOBBY);
  const shard = { channel: LOBBY, shard: shardForNewcomer(newcomers, request.connection.id) };
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
  const about = { ...connected, ...(isAuthenticated(connected) && { joinedAt: ports.now() }) };
  const { limit, departed } = await store(ports, about);
  if (limit) return { tooMany: true, facts: { refused: `connections of the ${limit}` } };
  ports.count("ConnectionsOpened");
  const fault = await notify(ports, about, departed);
  return {
    ...(isOffered && { subprotocol: SUBPROTOCOL }),
    ...(fault !== undefined && { facts: { unnotified: fault } }),
  };
};

/** Leaves nothing of a connection that is not let in, whether it exceeds a limit or a write fails. */
async function store(ports: Ports, about: Connected & Member): Promise<Crowding> {
  const { joinedAt: _, ...connected } = about;
  try {
    await ports.connections.add(connected);
    if (isAuthenticated(connected)) await ports.users.add(connected);
    if (connected.address !== undefined) await ports.addresses.add(connected.address, connected);
    const crowding = await crowded(ports, connected);
    if (crowding.limit) await unstore(ports, connected);
    else await Promise.all(connected.memberships.map((shard) => ports.members.add(shard, about)));
    return crowding;
  } catch (fault) {
    // Best effort: at a limit, a later handshake probes the connection and removes the rest.
    await unstore(ports, connected).catch(() => undefined);
    throw fault;
  }
}

/** In the other order, so that the connection lists whatever is left if this breaks off. */
async function unstore(ports: Ports, { id, user, address, groups, memberships }: Connected): Promise<void> {
  await Promise.all(memberships.map((shard) => ports.members.remove(shard, id)));
  if (address !== undefined) await ports.addresses.remove(address, id);
  if (groups) await ports.users.remove(user, id);
  await ports.connections.remove(id);
}

/** A handshake does not fail because nobody could be notified of it. Gives the fault, for the log. */
async function notify(
  ports: Ports,
  about: Connected & Member,
  departed: readonly Connected[],
): Promise<string | undefined> {
  const frame = { type: "joined", channel: LOBBY, user: about.user } as const;
  try {
    await announce(ports, { channel: LOBBY, frame, about });
    await sayFarewell(ports, departed);
    return undefined;
  } catch (fault) {
    return String(fault);
  }
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
  probe,
});
