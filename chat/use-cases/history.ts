import { membershipIn } from "../connection.ts";
import { readPage } from "../history.ts";
import type { Messages } from "../message-ports.ts";
import { type ModeratorPorts, moderates } from "../moderation.ts";
import type { Channels } from "../ports.ts";
import type { History } from "../protocol/client-frames.ts";
import { echoId } from "../protocol/frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ModeratorPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly messages: Pick<Messages, "read" | "get">;
}

export const history: FrameHandler<History, Ports> = async (ports, { connected, frame }) => {
  const { channel, limit, before, after } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  const hasVersions = moderates(ports, connected);
  const page = await readPage(ports, { channel, before, after, limit, hasVersions });
  return { reply: { type: "history", ...echoId(frame), channel, ...page }, facts: { messages: page.messages.length } };
};
