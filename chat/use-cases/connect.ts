import { LOBBY } from "../channel.ts";
import { type Connected, type Connection, isAuthenticated, type Member, memberEvent, sourceOf } from "../connection.ts";
import { shardForNewcomer } from "../fan-out/growth.ts";
import { type BanPorts, isBanned } from "../moderation.ts";
import type { Channels, Connections, Members } from "../ports.ts";
import { checkLimits, type LimitCheck, type LimitPorts } from "../presence/connection-limits.ts";
import {
  endLostMemberships,
  type Restored,
  type RestorePorts,
  restoreMemberships,
} from "../presence/lasting-memberships.ts";
import { announce, announceDepartures, type PresencePorts } from "../presence/presence.ts";
import { SUBPROTOCOL } from "../protocol/subprotocol.ts";
import { guestName } from "../user.ts";
import type { Addresses, KnownUsers, StoredUser, Users } from "../user-ports.ts";

export interface ConnectPorts extends PresencePorts, LimitPorts, BanPorts, RestorePorts {
  readonly connections: Pick<Connections, "add" | "getEventually" | "leave" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove">;
  readonly users: Pick<Users, "add" | "connectionsOf" | "remove">;
  readonly knownUsers: Pick<KnownUsers, "add">;
  readonly addresses: Addresses;
  readonly channels: Pick<Channels, "open">;
  /** Whether direct messages are stored, so that users who are away receive them later. */
  readonly directConversations: boolean;
  /** Six characters that distinguish a guest from others. */
  readonly newSuffix: () => string;
  /** The origins of the pages that may connect. */
  readonly allowedOrigins: readonly string[] | "any";
}

interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly expiresAt?: number;
}

/** A client that opens a connection. */
export interface Handshake {
  readonly connection: Connection;
  /** Undefined in environments without authentication. */
  readonly identity?: Identity;
  /** The subprotocols that the client offers. */
  readonly subprotocols: readonly string[];
  /** The `Origin` header. Browsers send it, and a page cannot change it. */
  readonly origin?: string | undefined;
  /** The client's IP address. */
  readonly address: string;
}

type RefusalReason = "origin" | "banned" | "connections of the user" | "connections of the address";

export interface ConnectOutcome {
  /** Why the handshake is refused. Undefined: it is accepted. */
  readonly refused?: RefusalReason;
  /** The subprotocol that the chat selects. */
  readonly subprotocol?: typeof SUBPROTOCOL;
  /** Why the lobby was not notified. */
  readonly unnotified?: string;
}

/**
 * Stores a connection and adds it to the lobby, and to the lasting channels of its user. The connection is stored first, or in
 * one batch with the other items. It lists all of them, so a function that finds the connection gone can clean up.
 */
export async function connect(ports: ConnectPorts, handshake: Handshake): Promise<ConnectOutcome> {
  if (!isAllowedOrigin(ports.allowedOrigins, handshake.origin)) return { refused: "origin" };
  const { identity } = handshake;
  // Before any write: a banned user who keeps trying costs one read for each attempt, and is not announced to the lobby.
  const user = identity && (await readUser(ports, identity));
  if (user?.isBanned) return { refused: "banned" };
  const restored = await membershipsOf(ports, handshake, user?.lasting);
  const connected = connectionOf(ports, handshake, restored);
  const about = { ...connected, ...(isAuthenticated(connected) && { joinedAt: ports.now() }) };
  const { refused, departed } = await store(ports, about, restored);
  if (refused) return { refused };
  ports.count("ConnectionsOpened");
  ports.emit(memberEvent("member joined", LOBBY, connected));
  const unnotified = await notifyLobby(ports, about, departed);
  return {
    ...(connected.protocol === SUBPROTOCOL && { subprotocol: SUBPROTOCOL }),
    ...(unnotified !== undefined && { unnotified }),
  };
}

/** Clients other than browsers send no origin, and are allowed: only a page can misuse a user's browser. */
const isAllowedOrigin = (allowed: readonly string[] | "any", origin: string | undefined): boolean =>
  origin === undefined || allowed === "any" || allowed.includes(origin);

/** `lasting`: what is stored of the user's lasting memberships. Undefined: memberships end with the connection. */
async function readUser(
  ports: ConnectPorts,
  identity: Identity,
): Promise<{ readonly isBanned: boolean; readonly lasting?: StoredUser }> {
  if (ports.lastingAccess === "off") return { isBanned: await isBanned(ports, identity) };
  const lasting = await ports.handshakes.readUser(identity.user, { ban: ports.checksBans, invitations: [] });
  return { isBanned: lasting.isBanned, lasting };
}

/** The lobby, and the user's lasting channels. */
async function membershipsOf(
  ports: ConnectPorts,
  { connection, identity }: Handshake,
  lasting: StoredUser | undefined,
): Promise<Restored> {
  if (identity && lasting && ports.lastingAccess !== "off") {
    return restoreMemberships(ports, ports.lastingAccess, { ...connection, ...identity, stored: lasting });
  }
  const newcomers = await ports.channels.open(LOBBY);
  return { memberships: [{ channel: LOBBY, shard: shardForNewcomer(newcomers, connection.id) }], invitedTo: [] };
}

/** The connection as it is stored. */
function connectionOf(
  ports: ConnectPorts,
  { connection, identity, subprotocols, address }: Handshake,
  { memberships }: Restored,
): Connected {
  return {
    ...connection,
    user: identity?.user ?? guestName(ports.newSuffix()),
    ...(identity && { groups: identity.groups, expiresAt: identity.expiresAt }),
    protocol: subprotocols.includes(SUBPROTOCOL) ? SUBPROTOCOL : "plain",
    memberships,
    ...(identity && ports.lastingAccess !== "off" && { isLasting: true }),
    ...(ports.connectionsPerAddressMax !== "unlimited" && { address: sourceOf(address) }),
  };
}

interface Stored extends Pick<LimitCheck, "departed"> {
  readonly refused?: RefusalReason | undefined;
}

/** Removes everything again if the connection is refused or a write fails. */
async function store(ports: ConnectPorts, about: Connected & Member, restored: Restored): Promise<Stored> {
  const { joinedAt: _, ...connected } = about;
  try {
    await addConnection(ports, about, connected);
    const { limit, departed } = await checkLimits(ports, connected);
    const refused = limit ? (`connections of the ${limit}` as const) : await addMembers(ports, about, restored);
    if (refused) await removeAll(ports, connected);
    return { refused, departed };
  } catch (fault) {
    // Best effort: at a limit, a later handshake probes the connection and removes the rest.
    await removeAll(ports, connected).catch(() => undefined);
    throw fault;
  }
}

async function addConnection(ports: ConnectPorts, about: Connected & Member, connected: Connected): Promise<void> {
  if (connected.isLasting) {
    const isAll = isInOneBatch(ports, connected);
    const adding = isAll ? ports.handshakes.addAll(about) : ports.handshakes.addConnection(connected);
    await Promise.all([adding, addKnown(ports, connected.user)]);
    return;
  }
  await ports.connections.add(connected);
  if (isAuthenticated(connected)) await Promise.all([ports.users.add(connected), addKnown(ports, connected.user)]);
  if (connected.address !== undefined) await ports.addresses.add(connected.address, connected);
}

/** With limits, the connections are counted before the members are written. */
const isInOneBatch = (ports: ConnectPorts, { isLasting }: Connected): boolean =>
  isLasting === true && ports.connectionsPerUserMax === "unlimited" && ports.connectionsPerAddressMax === "unlimited";

/** Before the user is visible in the lobby, so that other users can send direct messages at once. */
async function addKnown({ knownUsers, directConversations }: ConnectPorts, user: string): Promise<void> {
  if (directConversations) await knownUsers.add(user);
}

/** Reads the ban after all writes: a ban that is stored later finds the connection, and removes everything it lists. */
async function addMembers(
  ports: ConnectPorts,
  about: Connected & Member,
  { invitedTo }: Restored,
): Promise<"banned" | undefined> {
  if (!about.isLasting) {
    await Promise.all(about.memberships.map((shard) => ports.members.add(shard, about)));
    return (await isBanned(ports, about)) ? "banned" : undefined;
  }
  if (!isInOneBatch(ports, about)) await ports.handshakes.addMembers(about);
  return (await endLostMemberships(ports, about, invitedTo)).isBanned ? "banned" : undefined;
}

/** The connection is removed last, so that it lists everything that is left if this fails halfway. */
async function removeAll(ports: ConnectPorts, { id, user, address, groups, memberships }: Connected): Promise<void> {
  await Promise.all(memberships.map((shard) => ports.members.remove(shard, id)));
  if (address !== undefined) await ports.addresses.remove(address, id);
  if (groups) await ports.users.remove(user, id);
  await ports.connections.remove(id);
}

/** A failed notice does not fail the handshake. Returns the fault. */
async function notifyLobby(
  ports: ConnectPorts,
  about: Connected & Member,
  departed: readonly Connected[],
): Promise<string | undefined> {
  const frame = { type: "joined", channel: LOBBY, user: about.user } as const;
  try {
    await announce(ports, { channel: LOBBY, frame, about });
    await announceDepartures(ports, departed);
    return undefined;
  } catch (fault) {
    return String(fault);
  }
}
