import { type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../moderation.ts";
import { type DisconnectUserPorts, disconnectUser } from "../presence/user-connections.ts";
import { acknowledge } from "../protocol/frames.ts";
import type { Kick } from "../protocol/moderation-frames.ts";
import { UNKNOWN_USER } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

type Ports = DisconnectUserPorts & ModeratorPorts;

export const kick: FrameHandler<Kick, Ports> = async (ports, { connected, route, frame, deadline }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const notice = { frame: { type: "kicked", by: connected.user }, deadline } as const;
  const disconnected = await disconnectUser(ports, frame.user, notice);
  if (disconnected.closed === 0) return { refusal: UNKNOWN_USER };
  ports.emit({ type: "user kicked", user: frame.user, by: connected.user });
  return { reply: acknowledge(route, frame), facts: disconnected };
};
