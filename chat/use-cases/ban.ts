import { endOf, type ModeratorPorts, moderates, NOT_A_MODERATOR, NOT_YOURSELF } from "../moderation.ts";
import { type DisconnectUserPorts, disconnectUser } from "../presence/user-connections.ts";
import { acknowledge } from "../protocol/frames.ts";
import type { Ban } from "../protocol/moderation-frames.ts";
import type { Bans } from "../user-ports.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends DisconnectUserPorts, ModeratorPorts {
  readonly bans: Pick<Bans, "set">;
}

/**
 * Stores the ban before it reads the user's connections. `$connect` does the reverse: it stores the connection, then reads
 * the ban. So of a ban and a handshake that overlap, at least one sees the other.
 */
export const ban: FrameHandler<Ban, Ports> = async (ports, { connected, route, frame, deadline }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const { user, seconds } = frame;
  const by = connected.user;
  if (user === by) return { refusal: NOT_YOURSELF };
  const until = seconds === undefined ? undefined : endOf(ports.now(), seconds);
  await ports.bans.set(user, { by, until });
  const end = until !== undefined && { until: new Date(until).toISOString() };
  ports.emit({ type: "user banned", user, by, ...end });
  const disconnected = await disconnectUser(ports, user, { frame: { type: "banned", by, ...end }, deadline });
  return { reply: acknowledge(route, frame), facts: disconnected };
};
