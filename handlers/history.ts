import { now, retentionDays } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { messages } from "../aws/table/messages.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { echoId } from "../chat/answers.ts";
import { membershipIn } from "../chat/connection.ts";
import { pageOf } from "../chat/history.ts";
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
  // From `after` on the next ones are asked for, otherwise the last ones.
  const latestFirst = after === undefined;
  const found = await ports.messages.read({ channel, before, after, limit: limit + 1, latestFirst });
  const page = pageOf(found, { limit, latestFirst });
  return { reply: { type: "history", ...echoId(frame), channel, ...page }, facts: { messages: page.messages.length } };
};

export const handler = answeringLambda(History, history, {
  ...takingFrames,
  channels: channels(table, now),
  messages: messages(table, { now, retentionDays }),
});
