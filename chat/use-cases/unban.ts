import { type ModeratorPorts, moderates, NOT_A_MODERATOR, NOT_YOURSELF } from "../moderation.ts";
import type { Emit } from "../ports.ts";
import { acknowledge } from "../protocol/frames.ts";
import type { Unban } from "../protocol/moderation-frames.ts";
import type { Bans } from "../user-ports.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ModeratorPorts {
  readonly bans: Pick<Bans, "lift">;
  readonly emit: Emit;
}

/** Acknowledges the frame for a user who is not banned, too: a client can repeat it. */
export const unban: FrameHandler<Unban, Ports> = async (ports, { connected, route, frame }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  // A banned moderator can send a last frame before the connection is closed.
  if (frame.user === connected.user) return { refusal: NOT_YOURSELF };
  await ports.bans.lift(frame.user);
  ports.emit({ type: "user unbanned", user: frame.user, by: connected.user });
  return { reply: acknowledge(route, frame) };
};
