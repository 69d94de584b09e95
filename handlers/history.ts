import { now, retentionDays } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { messages } from "../aws/table/messages.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { echoId } from "../chat/answers.ts";
import { membershipIn } from "../chat/connection.ts";
import { readPage } from "../chat/history.ts";
import { refuseOutsider } from "../chat/membership.ts";
import type { Channels, Messages } from "../chat/ports.ts";
import { History } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly messages: Pick<Messages, "read">;
}

export const history: FrameHandler<History, Ports> = async (ports, { connected, frame }) => {
  const { channel, limit, before, after } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseOutsider(ports, channel) };
  const page = await readPage(ports, { channel, before, after, limit });
  return { reply: { type: "history", ...echoId(frame), channel, ...page }, facts: { messages: page.messages.length } };
};

export const handler = answeringLambda(History, history, {
  ...takingFrames,
  channels: channels(table, now),
  messages: messages(table, { now, retentionDays }),
});
