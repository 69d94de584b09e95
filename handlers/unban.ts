import { moderators, now } from "../aws/runtime.ts";
import { bans } from "../aws/table/bans.ts";
import { table } from "../aws/table/table.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { acknowledge } from "../chat/answers.ts";
import { type ModeratorPorts, moderates, NOT_A_MODERATOR, NOT_YOURSELF } from "../chat/moderation.ts";
import type { Bans } from "../chat/ports.ts";
import { Unban } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends ModeratorPorts {
  readonly bans: Pick<Bans, "lift">;
}

/** Acknowledges the frame for a user who is not banned, too: a client can repeat it. */
export const unban: FrameHandler<Unban, Ports> = async (ports, { connected, route, frame }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  // A banned moderator can send a last frame before the connection is closed.
  if (frame.user === connected.user) return { refusal: NOT_YOURSELF };
  await ports.bans.lift(frame.user);
  return { reply: acknowledge(route, frame) };
};

export const handler = answeringLambda(Unban, unban, { ...takingFrames, bans: bans(table, now), moderators });
