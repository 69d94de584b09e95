import { CHANNEL_NAME, isMadeBy, isPrivate, privateName } from "./channel.ts";
import type { Connected } from "./connection.ts";
import { UNAUTHENTICATED, unknownChannel } from "./membership.ts";
import type { Channels, Invitations, TagOf } from "./ports.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";

export interface AccessPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly invitations: Pick<Invitations, "use">;
  readonly tagOf: TagOf;
  /** The groups whose members may create channels. */
  readonly channelMakers: readonly string[] | "everybody";
  /** The private channels of the environment, each with the groups whose members may join. */
  readonly privateChannels: Readonly<Record<string, readonly string[]>>;
}

/** The channel that a join means, where its user may be there. What somebody may not join does not exist for them. */
export async function admit(
  ports: AccessPorts,
  connected: Connected,
  frame: { readonly channel: string; readonly private?: boolean | undefined },
): Promise<{ readonly channel: string } | { readonly refusal: Refusal }> {
  if (frame.private && !connected.groups) return { refusal: UNAUTHENTICATED };
  const channel = frame.private ? privateName(frame.channel, ports.tagOf(connected.user)) : frame.channel;
  if (!CHANNEL_NAME.test(channel)) return { refusal: refuse("bad-channel", `"${channel}" is too long for a name.`) };
  return (await mayJoin(ports, connected, channel)) ? { channel } : { refusal: unknownChannel(channel) };
}

/** By group, as who made it, or by invitation. In a public channel, whoever may make it or finds it there. */
export async function mayJoin(ports: AccessPorts, { user, groups }: Connected, channel: string): Promise<boolean> {
  const isOwn = groups !== undefined && isMadeBy(channel, ports.tagOf(user));
  if (!isPrivate(channel) || isOwn) return mayMake(ports, groups) || isThere(ports, channel);
  if (!groups) return false;
  // Asked in any case: who is not let in waits as long for a channel that is there as for any other.
  const isInvited = await ports.invitations.use(channel, user);
  const admitted = ports.privateChannels[channel];
  return admitted ? isAmong(groups, admitted) : isInvited;
}

/** Whether somebody is in one of these groups at least. */
export const isAmong = (groups: readonly string[] = [], these: readonly string[]): boolean =>
  groups.some((group) => these.includes(group));

const mayMake = ({ channelMakers }: AccessPorts, groups: Connected["groups"]): boolean =>
  channelMakers === "everybody" || isAmong(groups, channelMakers);

const isThere = async ({ channels }: AccessPorts, channel: string): Promise<boolean> =>
  (await channels.shardsOf(channel)) !== undefined;
