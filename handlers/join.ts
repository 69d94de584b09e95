import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { shardForNewcomer } from "../chat/channel.ts";
import { membershipIn } from "../chat/connection.ts";
import { TOO_MANY_CHANNELS } from "../chat/membership.ts";
import type { Channels, Connections, Members } from "../chat/ports.ts";
import { announce, type PresencePorts } from "../chat/presence.ts";
import { Join } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "join" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove">;
  readonly channels: Pick<Channels, "open">;
}

/** The connection knows of the membership before there is one: what `$disconnect` has to clean is never more than it is told. */
export const join: FrameHandler<Join, Ports> = async (ports, { connected, route, frame }) => {
  const reply = acknowledge(route, frame);
  const { channel } = frame;
  if (membershipIn(connected, channel)) return { reply };
  const shard = { channel, shard: shardForNewcomer(await ports.channels.open(channel), ports.random()) };
  if (!(await ports.connections.join(connected.id, shard))) return { refusal: TOO_MANY_CHANNELS };
  await ports.members.add(shard, connected);
  await announce(ports, { channel, frame: { type: "joined", channel, user: connected.user }, about: connected });
  return { reply };
};

export const handler = answeringLambda(Join, join, { ...presence, channels: channels(table, now) });
