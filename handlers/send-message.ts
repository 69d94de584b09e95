import { push } from "../aws/push.ts";
import { now } from "../aws/runtime.ts";
import { connections } from "../aws/table/connections.ts";
import { members } from "../aws/table/members.ts";
import { table } from "../aws/table/table.ts";
import { LOBBY } from "../chat/channel.ts";
import { type FanOutPorts, fanOut } from "../chat/fan-out.ts";
import { SendMessage } from "../chat/frames.ts";
import { type FrameHandler, frameLambda } from "./lambda.ts";

export const sendMessage: FrameHandler<SendMessage, FanOutPorts> = async (ports, { frame }) => {
  const tally = await fanOut(ports, { shard: { channel: LOBBY, shard: 0 }, frame: frame.data });
  return { facts: { tally } };
};

export const handler = frameLambda(SendMessage, sendMessage, {
  connections: connections(table),
  members: members(table, now),
  push,
  now,
});
