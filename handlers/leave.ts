import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { membershipIn } from "../chat/connection.ts";
import { refuseOutsider } from "../chat/membership.ts";
import type { Channels, Connections } from "../chat/ports.ts";
import { announce, type PresencePorts } from "../chat/presence.ts";
import { Leave } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "leave" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
}

/** The member first, as `join` does: a leave that broke off can be tried again. */
export const leave: FrameHandler<Leave, Ports> = async (ports, { connected, route, frame }) => {
  const { channel } = frame;
  const shard = membershipIn(connected, channel);
  if (!shard) return { refusal: await refuseOutsider(ports, channel) };
  await ports.members.remove(shard, connected.id);
  // Somebody else has been faster, and has told the others.
  if (!(await ports.connections.leave(connected.id, channel))) return { refusal: await refuseOutsider(ports, channel) };
  await announce(ports, { channel, frame: { type: "left", channel, user: connected.user }, about: connected });
  return { reply: acknowledge(route, frame) };
};

export const handler = answeringLambda(Leave, leave, { ...presence, channels: channels(table, now) });
