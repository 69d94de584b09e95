import { moderators, now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { mutes } from "../aws/table/mutes.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { acknowledge } from "../chat/answers.ts";
import { membershipIn } from "../chat/connection.ts";
import { refuseOutsider } from "../chat/membership.ts";
import { type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../chat/moderation.ts";
import type { Channels, Mutes, Now } from "../chat/ports.ts";
import { Mute } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends ModeratorPorts {
  readonly now: Now;
  readonly channels: Pick<Channels, "shardsOf">;
  readonly mutes: Pick<Mutes, "set">;
}

/** Of a user, and not of a connection: whoever comes back is muted still. */
export const mute: FrameHandler<Mute, Ports> = async (ports, { connected, route, frame }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const { channel, user, seconds } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseOutsider(ports, channel) };
  await ports.mutes.set(channel, user, ports.now() + seconds * 1000);
  return { reply: acknowledge(route, frame) };
};

export const handler = answeringLambda(Mute, mute, {
  ...takingFrames,
  channels: channels(table, now),
  mutes: mutes(table, now),
  moderators,
});
