import { isPrivate, LOBBY } from "../channel.ts";
import type { Connected } from "../connection.ts";
import type { Channels } from "../ports.ts";
import { PAGE_MAX } from "../protocol/fields.ts";
import { echoId } from "../protocol/frames.ts";
import type { ListChannels } from "../protocol/list-frames.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports {
  readonly channels: Pick<Channels, "list">;
}

/** Lists all channels, or those of the sender. The first page starts with the lobby, which is never stored in the list, and with the sender's private channels. */
export const channels: FrameHandler<ListChannels, Ports> = async (ports, { connected, frame }) => {
  if (frame.mine) return { reply: { type: "channels", ...echoId(frame), ...channelsOf(connected) } };
  const names = await ports.channels.list({ after: frame.cursor, limit: PAGE_MAX });
  const found = names.filter((name) => name !== LOBBY);
  const own = connected.memberships.map(({ channel }) => channel).filter(isPrivate);
  const all = frame.cursor === undefined ? [LOBBY, ...own.sort(), ...found] : found;
  const last = names.length === PAGE_MAX ? names.at(-1) : undefined;
  return {
    reply: { type: "channels", ...echoId(frame), channels: all, ...(last !== undefined && { cursor: last }) },
  };
};

/** With lasting membership, a client can be in channels that it has not joined on this connection. */
const channelsOf = ({ memberships, user, connectedAt }: Connected) => ({
  channels: memberships.map(({ channel }) => channel).sort(),
  ...{ mine: true as const, user, at: new Date(connectedAt).toISOString() },
});
