import { type AccessRules, accessGroupsOf, accessTo } from "../access.ts";
import { LOBBY, type Shard } from "../channel.ts";
import { type Connected, type Connection, membershipIn } from "../connection.ts";
import { shardForNewcomer } from "../fan-out/growth.ts";
import type { BanPorts } from "../moderation.ts";
import type { Channels, Connections, Emit, Members, TagOf } from "../ports.ts";
import type { Handshakes, Invitations, LastingChannels, StoredChannels, StoredUser } from "../user-ports.ts";
import { endUserMemberships, type UserMembershipPorts } from "./memberships.ts";

/* Lasting membership: an authenticated user stays in channels without a connection, and a new connection is in them at once. */

export interface RestorePorts extends BanPorts {
  readonly handshakes: Handshakes;
  readonly lastingChannels: Pick<LastingChannels, "remove" | "setGroups">;
  readonly channels: Pick<Channels, "open">;
  readonly invitations: Pick<Invitations, "use">;
  readonly connections: Pick<Connections, "leave">;
  readonly members: Pick<Members, "remove">;
  readonly tagOf: TagOf;
  readonly emit: Emit;
  /** The rules for who may join which channels. "off": memberships end with the connection. */
  readonly lastingAccess: AccessRules | "off";
}

/** The memberships of a new connection, and those that depend on an invitation. */
export interface Restored {
  readonly memberships: readonly Shard[];
  readonly invitedTo: readonly string[];
}

interface Newcomer extends Connection, Pick<Connected, "user" | "groups"> {
  /** The lasting channels of the user, and the groups that are stored with them. */
  readonly stored: Pick<StoredUser, "channels" | "groups">;
}

/**
 * Returns the memberships in the lobby and in the lasting channels that the user may still join. Removes a channel from the
 * user's lasting channels if it has expired, or if the user has lost the invitation. Skips a channel if the token lacks its
 * group: another device of the user can have a newer token.
 */
export async function restoreMemberships(
  ports: RestorePorts,
  rules: AccessRules,
  newcomer: Newcomer,
): Promise<Restored> {
  const { user, stored: lasting } = newcomer;
  const { channels } = lasting;
  const access = { ...rules, tagOf: ports.tagOf };
  const accessOf = new Map(channels.map((each) => [each, accessTo(access, newcomer, each)]));
  const invitations = channels.filter((each) => accessOf.get(each) === "if invited");
  const mustExist = channels.filter((each) => accessOf.get(each) === "if it exists");
  const query = { user, channels: [LOBBY, ...channels], invitations };
  // A revoked user must receive nothing, so invitations are read with strong consistency.
  let stored = await ports.handshakes.readChannels({ ...query, isConsistent: invitations.length > 0 });
  // The missing channel may have just been created. Not the first read, because it costs twice the read units.
  if (mustExist.some((each) => !stored.channels.has(each)))
    stored = await ports.handshakes.readChannels({ ...query, isConsistent: true });
  const mayStay = (channel: string): boolean => {
    const condition = accessOf.get(channel);
    if (condition === "if invited") return stored.invitations.has(channel);
    return condition === "allowed" || (condition === "if it exists" && stored.channels.has(channel));
  };
  const lost = channels.filter((each) => accessOf.get(each) !== "refused" && !mayStay(each));
  await Promise.all([
    removeLost(ports, user, lost),
    storeGroups(ports, accessGroupsOf(rules, newcomer.groups), newcomer),
  ]);
  const all = [LOBBY, ...channels.filter(mayStay)];
  await renew(ports, { user, channels: all, stored });
  return {
    memberships: all.map((channel) => ({
      channel,
      shard: shardForNewcomer(stored.channels.get(channel)?.newcomers ?? 1, newcomer.id),
    })),
    invitedTo: invitations.filter(mayStay),
  };
}

/** Mentions of users who are away need their groups, and only tokens have groups. Most handshakes do not change them. */
async function storeGroups(
  { lastingChannels }: RestorePorts,
  groups: readonly string[],
  { user, stored }: Newcomer,
): Promise<void> {
  const isSame = groups.length === stored.groups.length && groups.every((group) => stored.groups.includes(group));
  if (stored.channels.length > 0 && !isSame) await lastingChannels.setGroups(user, groups);
}

/** Most handshakes write nothing here: a TTL is renewed in its second half, at most every 15 days. */
async function renew(
  ports: RestorePorts,
  { user, channels, stored }: { user: string; channels: readonly string[]; stored: StoredChannels },
): Promise<void> {
  // A missing channel is created again. The lobby always exists.
  const isDue = (channel: string) => stored.channels.get(channel)?.isDue ?? channel !== LOBBY;
  await Promise.all([
    ...channels.filter(isDue).map((channel) => ports.channels.open(channel)),
    ...[...stored.invitations].map(([channel, { isDue }]) => isDue && ports.invitations.use(channel, user)),
  ]);
}

/**
 * Call it after the members are written. `leave` and `invite` remove the channel or the invitation first, and then look for
 * members. If they ran too early to find the new members, this function finds the channel or the invitation missing, and
 * removes the members. Returns whether the user is banned.
 */
export async function endLostMemberships(
  ports: RestorePorts,
  connected: Connected,
  invitedTo: readonly string[],
): Promise<{ readonly isBanned: boolean }> {
  const lasting = connected.memberships.filter(({ channel }) => channel !== LOBBY);
  if (lasting.length === 0 && !ports.checksBans) return { isBanned: false };
  const { user, id } = connected;
  const now = await ports.handshakes.readUser(user, { ban: ports.checksBans, invitations: invitedTo });
  const ended = lasting.filter(({ channel }) => !isStillIn(now, channel, invitedTo));
  for (const shard of ended) {
    await ports.members.remove(shard, id);
    await ports.connections.leave(id, shard.channel);
  }
  const uninvited = ended.map(({ channel }) => channel).filter((channel) => now.channels.includes(channel));
  await removeLost(ports, user, uninvited);
  return { isBanned: now.isBanned };
}

async function removeLost(ports: RestorePorts, user: string, channels: readonly string[]): Promise<void> {
  if (channels.length === 0 || !(await ports.lastingChannels.remove(user, channels))) return;
  for (const channel of channels) ports.emit(absentMemberLeft(channel, user));
}

/** The event for a lasting membership that ends while no connection is in the channel. */
export const absentMemberLeft = (channel: string, user: string) =>
  ({ type: "member left", channel, user, authenticated: true }) as const;

const isStillIn = (now: StoredUser, channel: string, invitedTo: readonly string[]): boolean =>
  now.channels.includes(channel) && (!invitedTo.includes(channel) || now.invitedTo.includes(channel));

export interface LastingPorts {
  readonly connections: Pick<Connections, "get">;
  readonly lastingChannels: LastingChannels;
  /** Whether memberships outlive connections. */
  readonly lastingMembership: boolean;
}

/** Whether the membership in a channel outlives the connection. */
export const isLastingIn = ({ lastingMembership }: LastingPorts, { isLasting }: Connected, channel: string): boolean =>
  lastingMembership && isLasting === true && channel !== LOBBY;

export interface EndedForGood {
  /** Whether the channel was one of the user's. */
  readonly wasIn: boolean;
  /** The connections that were members. */
  readonly ended: readonly Connected[];
}

/**
 * Removes a channel from the user's channels, and ends the memberships of the user's connections in it, except one. The
 * channel is removed before the connections are read, because a simultaneous handshake stores its members first, and then
 * reads the channels again. A simultaneous `join` can add the channel again before its membership is ended. Therefore both
 * steps are repeated until the user has no more memberships in the channel.
 */
export async function endForGood(
  ports: UserMembershipPorts & Pick<LastingPorts, "lastingChannels">,
  channel: string,
  of: { readonly user: string; readonly except?: string },
): Promise<EndedForGood> {
  const wasIn = await ports.lastingChannels.remove(of.user, [channel]);
  const ended = await endUserMemberships(ports, channel, of);
  if (ended.length === 0) return { wasIn, ended };
  const later = await endForGood(ports, channel, of);
  return { wasIn: wasIn || later.wasIn, ended: [...ended, ...later.ended] };
}

/**
 * Call it after a frame has changed the user's lasting channels. If a simultaneous frame has changed the membership of the
 * connection since, corrects the lasting channels. Each frame does this after its last write, so the result of the last one
 * matches the membership.
 */
export async function correctLasting(
  ports: LastingPorts,
  connected: Connected,
  { channel, isIn }: { readonly channel: string; readonly isIn: boolean },
): Promise<void> {
  const { id, user } = connected;
  const stored = await ports.connections.get(id);
  const isMember = stored && membershipIn(stored, channel) !== undefined;
  if (isMember === undefined || isMember === isIn) return;
  if (isMember) await ports.lastingChannels.add(user, channel);
  else await ports.lastingChannels.remove(user, [channel]);
  await correctLasting(ports, connected, { channel, isIn: isMember });
}
