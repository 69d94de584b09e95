import { isInAnyOf } from "./access.ts";
import { type Connected, isAuthenticated } from "./connection.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";
import type { Bans, Mutes } from "./user-ports.ts";

export interface ModeratorPorts {
  /** The groups whose members are moderators. Empty: the environment has no moderators. */
  readonly moderators: readonly string[];
}

export const moderates = ({ moderators }: ModeratorPorts, { groups }: Connected): boolean =>
  isInAnyOf(groups, moderators);

export interface MutePorts extends ModeratorPorts {
  readonly mutes: Pick<Mutes, "until">;
}

/** The error for a user who is muted in the channel. Undefined for other users. */
export async function refuseMuted(
  { moderators, mutes }: MutePorts,
  channel: string,
  user: string,
): Promise<Refusal | undefined> {
  if (moderators.length === 0) return undefined;
  const until = await mutes.until(channel, user);
  return until === undefined
    ? undefined
    : refuse("muted", `You are muted in the channel "${channel}" until ${new Date(until).toISOString()}.`);
}

export interface BanPorts {
  readonly bans: Pick<Bans, "has">;
  /** Whether the environment has moderators, who can ban users. */
  readonly checksBans: boolean;
}

/** Whether a user is banned. Guests cannot be banned: a ban applies to a name, and guests can change theirs. */
export const isBanned = async (
  { checksBans, bans }: BanPorts,
  user: Pick<Connected, "user" | "groups">,
): Promise<boolean> => checksBans && isAuthenticated(user) && bans.has(user.user);

/** The end of a mute or a ban, in epoch milliseconds. Rounded down to a second, because a TTL has no fractions. */
export const endOf = (now: number, seconds: number): number => (Math.floor(now / 1000) + seconds) * 1000;

export const NOT_A_MODERATOR: Refusal = {
  code: "not-allowed",
  detail: "Only moderators can do this. Ask a moderator.",
};

export const NOT_YOURSELF: Refusal = {
  code: "not-allowed",
  detail: "You cannot ban or unban yourself. Ask another moderator.",
};
