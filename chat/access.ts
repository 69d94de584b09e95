import { CHANNEL_NAME, isOwnedBy, isPrivate, privateName } from "./channel.ts";
import type { Connected } from "./connection.ts";
import type { Channels, TagOf } from "./ports.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";
import { UNAUTHENTICATED, unknownChannel } from "./refusals.ts";
import type { Invitations } from "./user-ports.ts";

export interface AccessRules {
  /** The groups whose members may create channels. */
  readonly channelCreators: readonly string[] | "everybody";
  /** For each private channel that the environment defines, the groups whose members may join it. */
  readonly privateChannels: Readonly<Record<string, readonly string[]>>;
}

export interface AccessPorts extends AccessRules {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly invitations: Pick<Invitations, "use">;
  readonly tagOf: TagOf;
}

/** The full name of the channel to join, or the error. The error does not reveal whether a private channel exists. */
export async function channelToJoin(
  ports: AccessPorts,
  connected: Connected,
  frame: { readonly channel: string; readonly private?: boolean | undefined },
): Promise<{ readonly channel: string } | { readonly refusal: Refusal }> {
  if (frame.private && !connected.groups) return { refusal: UNAUTHENTICATED };
  const channel = frame.private ? privateName(frame.channel, ports.tagOf(connected.user)) : frame.channel;
  if (!CHANNEL_NAME.test(channel)) {
    const detail = `The full channel name "${channel}" is too long: at most 64 characters are allowed after the "~". Choose a shorter name.`;
    return { refusal: refuse("bad-channel", detail) };
  }
  return (await mayJoin(ports, connected, channel)) ? { channel } : { refusal: unknownChannel(channel) };
}

export async function mayJoin(ports: AccessPorts, connected: Connected, channel: string): Promise<boolean> {
  const access = accessTo(ports, connected, channel);
  if (access === "if it exists") return (await ports.channels.shardsOf(channel)) !== undefined;
  if (!isPrivate(channel) || !connected.groups || isOwn(ports, connected, channel)) return access === "allowed";
  // Always read, so that the response time does not reveal whether the channel is in the settings.
  const isInvited = await ports.invitations.use(channel, connected.user);
  return access === "if invited" ? isInvited : access === "allowed";
}

export type Access = "allowed" | "refused" | "if it exists" | "if invited";

type User = Pick<Connected, "user" | "groups">;

/**
 * A private channel can be joined by its owner, by members of the configured groups, and by invited users. A public
 * channel can be joined if it exists, or if the user may create it.
 */
export function accessTo(ports: AccessRules & Pick<AccessPorts, "tagOf">, about: User, channel: string): Access {
  const { groups } = about;
  if (!isPrivate(channel) || isOwn(ports, about, channel)) return mayCreate(ports, groups) ? "allowed" : "if it exists";
  const admitted = ports.privateChannels[channel];
  if (!groups) return "refused";
  if (!admitted) return "if invited";
  return isInAnyOf(groups, admitted) ? "allowed" : "refused";
}

const isOwn = ({ tagOf }: Pick<AccessPorts, "tagOf">, { user, groups }: User, channel: string): boolean =>
  groups !== undefined && isOwnedBy(channel, tagOf(user));

export const isInAnyOf = (groups: readonly string[] = [], allowed: readonly string[]): boolean =>
  groups.some((group) => allowed.includes(group));

/** Those of a user's groups on which access to private channels depends. */
export const accessGroupsOf = ({ privateChannels }: AccessRules, groups: readonly string[] = []): readonly string[] => {
  const admitted = new Set(Object.values(privateChannels).flat());
  return groups.filter((group) => admitted.has(group));
};

const mayCreate = ({ channelCreators }: AccessRules, groups: Connected["groups"]): boolean =>
  channelCreators === "everybody" || isInAnyOf(groups, channelCreators);
