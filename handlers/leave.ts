import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { membershipIn } from "../chat/connection.ts";
import { type DepartPorts, depart } from "../chat/depart.ts";
import { refuseOutsider } from "../chat/membership.ts";
import type { Channels, Connections } from "../chat/ports.ts";
import { Leave } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends DepartPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "leave" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
}

export const leave: FrameHandler<Leave, Ports> = async (ports, { connected, route, frame }) => {
  const { channel } = frame;
  const shard = membershipIn(connected, channel);
  const isLeft = shard !== undefined && (await depart(ports, connected, shard));
  return isLeft
    ? { reply: acknowledge(route, frame, { user: connected.user }) }
    : { refusal: await refuseOutsider(ports, channel) };
};

export const handler = answeringLambda(Leave, leave, { ...presence, channels: channels(table, now) });
