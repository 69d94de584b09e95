import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { membershipIn } from "../chat/connection.ts";
import { refuseOutsider } from "../chat/membership.ts";
import type { Channels, Connections } from "../chat/ports.ts";
import { type PresencePorts, tell } from "../chat/presence.ts";
import { Typing } from "../chat/protocol.ts";
import { type FrameHandler, pushingLambda } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
}

/** Told and forgotten: nothing is stored, and nothing answered. */
export const typing: FrameHandler<Typing, Ports> = async (ports, { connected, frame: { channel } }) => {
  const shard = membershipIn(connected, channel);
  if (!shard) return { refusal: await refuseOutsider(ports, channel) };
  await tell(ports, { channel, frame: { type: "typing", channel, user: connected.user }, about: connected });
  return {};
};

export const handler = pushingLambda(Typing, typing, { ...presence, channels: channels(table, now) });
