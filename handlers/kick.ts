import { handOver } from "../aws/hand-over.ts";
import { presence } from "../aws/presence.ts";
import { moderators } from "../aws/runtime.ts";
import { acknowledge } from "../chat/answers.ts";
import { type DisconnectUserPorts, disconnectUser } from "../chat/disconnect-user.ts";
import { UNKNOWN_USER } from "../chat/membership.ts";
import { type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../chat/moderation.ts";
import { Kick } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

type Ports = DisconnectUserPorts & ModeratorPorts;

export const kick: FrameHandler<Kick, Ports> = async (ports, { connected, route, frame, deadline }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const notice = { frame: { type: "kicked", by: connected.user }, deadline } as const;
  const disconnected = await disconnectUser(ports, frame.user, notice);
  return disconnected.closed === 0
    ? { refusal: UNKNOWN_USER }
    : { reply: acknowledge(route, frame), facts: disconnected };
};

export const handler = answeringLambda(Kick, kick, { ...presence, handOver, moderators });
