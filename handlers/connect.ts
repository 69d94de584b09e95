import { type Identity, identityInContext, identityOfSigner } from "../authentication/identity.ts";
import { type Config, configOf } from "../aws/config.ts";
import { presencePorts } from "../aws/ports.ts";
import { probe } from "../aws/push/management-api.ts";
import { newSuffix, now } from "../aws/runtime.ts";
import { bans } from "../aws/table/bans.ts";
import { channels } from "../aws/table/channels.ts";
import { tableOf } from "../aws/table/table.ts";
import { sourceOf } from "../chat/address.ts";
import { LOBBY } from "../chat/channel.ts";
import { type Connected, isAuthenticated, type Member } from "../chat/connection.ts";
import { shardForNewcomer } from "../chat/fan-out/growth.ts";
import { type BanPorts, isBanned } from "../chat/moderation.ts";
import type { Addresses, Channels, Connections, Members, Users } from "../chat/ports.ts";
import { type Crowding, type CrowdingPorts, crowded } from "../chat/presence/connection-limits.ts";
import { announce, type PresencePorts, sayFarewell } from "../chat/presence/presence.ts";
import { SUBPROTOCOL } from "../chat/protocol/client-frames.ts";
import { offersIn } from "../chat/protocol/subprotocol.ts";
import { guestName } from "../chat/user.ts";
import { type Caller, type Handler, lambda, type Outcome, type Request } from "./runtime/lambda.ts";
import { settings } from "./settings.ts";

interface Ports extends PresencePorts, CrowdingPorts, BanPorts {
  readonly connections: Pick<Connections, "add" | "glance" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove">;
  readonly users: Pick<Users, "add" | "connectionsOf" | "remove">;
  readonly addresses: Addresses;
  readonly channels: Pick<Channels, "open">;
  /** Six characters that distinguish a guest from others. */
  readonly newSuffix: () => string;
  /** The environment's kind of authentication. */
  readonly authentication: Config["authentication"];
  /** The origins of the pages that may connect. */
  readonly allowedOrigins: Config["allowedOrigins"];
}

/** The connection first: it lists everything that is written after it, so a function that finds it gone can clean up. */
export const connect: Handler<Ports> = async (ports, request) => {
  if (!comesFromAllowed(ports.allowedOrigins, request)) return { forbidden: true, facts: { refused: "origin" } };
  const identity = identify(ports.authentication, request.caller);
  // A banned user who keeps trying costs one read for each attempt, and is not announced to the lobby.
  if (identity && (await isBanned(ports, identity))) return BANNED;
  const connected = await connectionOf(ports, request, identity);
  const about = { ...connected, ...(isAuthenticated(connected) && { joinedAt: ports.now() }) };
  const { refusal, departed } = await store(ports, about);
  if (refusal) return refusal;
  ports.count("ConnectionsOpened");
  const fault = await notify(ports, about, departed);
  return {
    ...(connected.protocol === SUBPROTOCOL && { subprotocol: SUBPROTOCOL }),
    ...(fault !== undefined && { facts: { unnotified: fault } }),
  };
};

const BANNED: Outcome = { forbidden: true, facts: { refused: "banned" } };

/** What is stored about the connection, which joins the lobby. */
async function connectionOf(
  ports: Ports,
  { connection, caller, headers }: Request,
  identity: Identity | undefined,
): Promise<Connected> {
  const newcomers = await ports.channels.open(LOBBY);
  return {
    ...connection,
    user: identity?.user ?? guestName(ports.newSuffix()),
    ...(identity && { groups: identity.groups, expiresAt: identity.expiresAt }),
    protocol: offersIn(headers).includes(SUBPROTOCOL) ? SUBPROTOCOL : "plain",
    memberships: [{ channel: LOBBY, shard: shardForNewcomer(newcomers, connection.id) }],
    ...(ports.connectionsPerAddressMax !== "unlimited" && { address: sourceOf(String(caller.identity.sourceIp)) }),
  };
}

interface Stored extends Pick<Crowding, "departed"> {
  readonly refusal?: Outcome | undefined;
}

/** Removes everything again if the connection is refused or a write fails. */
async function store(ports: Ports, about: Connected & Member): Promise<Stored> {
  const { joinedAt: _, ...connected } = about;
  try {
    await ports.connections.add(connected);
    if (isAuthenticated(connected)) await ports.users.add(connected);
    if (connected.address !== undefined) await ports.addresses.add(connected.address, connected);
    const { limit, departed } = await crowded(ports, connected);
    const refusal = limit
      ? ({ tooMany: true, facts: { refused: `connections of the ${limit}` } } as const)
      : await join(ports, about);
    if (refusal) await unstore(ports, connected);
    return { refusal, departed };
  } catch (fault) {
    // Best effort: at a limit, a later handshake probes the connection and removes the rest.
    await unstore(ports, connected).catch(() => undefined);
    throw fault;
  }
}

/** Reads the ban after all writes: a ban that is stored later finds the connection, and removes everything it lists. */
async function join(ports: Ports, about: Connected & Member): Promise<Outcome | undefined> {
  await Promise.all(about.memberships.map((shard) => ports.members.add(shard, about)));
  return (await isBanned(ports, about)) ? BANNED : undefined;
}

/** In reverse order, so that the connection lists whatever is left if this breaks off. */
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

/** Browsers always send the page's origin, and a page cannot change it. Other clients have no page that could misuse them. */
const comesFromAllowed = (allowed: Config["allowedOrigins"], { headers: { origin } }: Request): boolean =>
  origin === undefined || allowed === "any" || allowed.includes(origin);

/** Undefined in environments without authentication. */
function identify(kind: Config["authentication"], { authorizer, identity }: Caller): Identity | undefined {
  if (kind === "none") return undefined;
  return kind === "iam" ? identityOfSigner(identity) : identityInContext(authorizer);
}

const config = configOf(settings.connect);
const table = tableOf(config);

export const handler = lambda(connect, {
  ...presencePorts(config),
  channels: channels(table, now),
  newSuffix,
  authentication: config.authentication,
  allowedOrigins: config.allowedOrigins,
  bans: bans(table, now),
  checksBans: config.checksBans,
  connectionsPerUserMax: config.connectionsPerUserMax,
  probe: probe(config),
});
