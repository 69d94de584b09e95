import { handOver } from "../aws/hand-over.ts";
import { presence } from "../aws/presence.ts";
import { moderators } from "../aws/runtime.ts";
import { acknowledge } from "../chat/answers.ts";
import { deliver } from "../chat/delivery.ts";
import { type FarewellFacts, type FarewellPorts, sayEveryFarewell } from "../chat/farewell.ts";
import { forgetAll } from "../chat/forget.ts";
import { formsOf } from "../chat/frames.ts";
import { hangUp } from "../chat/hang-up.ts";
import { UNKNOWN_USER } from "../chat/membership.ts";
import { type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../chat/moderation.ts";
import type { Connections, Users } from "../chat/ports.ts";
import { Kick } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends FarewellPorts, ModeratorPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
}

/**
 * Closes the connections first: API Gateway then calls `$disconnect`, which cleans up if this function dies. Removes them
 * here all the same, whether they could be closed or not: the acknowledgement promises that the user hears nothing more.
 */
export const kick: FrameHandler<Kick, Ports> = async (ports, { connected, route, frame, deadline }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const kicked = await ports.users.connectionsOf(frame.user);
  if (kicked.length === 0) return { refusal: UNKNOWN_USER };
  await deliver(ports, { forms: formsOf({ type: "kicked", by: connected.user }), deadline }).push(kicked);
  const ids = kicked.map(({ id }) => id);
  let farewells: FarewellFacts = {};
  try {
    await hangUp(ports, ids);
  } finally {
    farewells = await sayEveryFarewell(ports, await forgetAll(ports, ids));
  }
  return { reply: acknowledge(route, frame), facts: { closed: ids.length, ...farewells } };
};

export const handler = answeringLambda(Kick, kick, { ...presence, handOver, moderators });
