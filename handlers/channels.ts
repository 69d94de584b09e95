import { now } from "../aws/runtime.ts";
import { channels as channelsOf } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { echoId } from "../chat/answers.ts";
import { isPrivate, LOBBY } from "../chat/channel.ts";
import { PAGE_MAX } from "../chat/fields.ts";
import type { Channels } from "../chat/ports.ts";
import { ListChannels } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports {
  readonly channels: Pick<Channels, "list">;
}

/** The lobby first, which is there without being made; then the sender's own private ones; then all others in their order. */
export const channels: FrameHandler<ListChannels, Ports> = async (ports, { connected, frame }) => {
  const names = await ports.channels.list({ after: frame.cursor, limit: PAGE_MAX });
  const found = names.filter((name) => name !== LOBBY);
  const own = connected.memberships.map(({ channel }) => channel).filter(isPrivate);
  const all = frame.cursor === undefined ? [LOBBY, ...own.sort(), ...found] : found;
  const last = names.length === PAGE_MAX ? names.at(-1) : undefined;
  return {
    reply: { type: "channels", ...echoId(frame), channels: all, ...(last !== undefined && { cursor: last }) },
  };
};

export const handler = answeringLambda(ListChannels, channels, {
  ...takingFrames,
  channels: channelsOf(table, now),
});
