import { presence } from "../aws/presence.ts";
import { newMessageId } from "../aws/runtime.ts";
import { acknowledge } from "../chat/answers.ts";
import { type Member, mayBeOpening } from "../chat/connection.ts";
import { deliverToOne } from "../chat/delivery.ts";
import { forget } from "../chat/forget.ts";
import { formsOf, refuse } from "../chat/frames.ts";
import { saidAt } from "../chat/message.ts";
import type { Connections, Names, NewMessageId } from "../chat/ports.ts";
import { type PresencePorts, sayFarewell } from "../chat/presence.ts";
import { Direct } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "remove">;
  readonly names: Pick<Names, "holder" | "release">;
  readonly newMessageId: NewMessageId;
}

/** To whoever holds the name now. It is stored nowhere: who is away does not get it, and its sender is told. */
export const direct: FrameHandler<Direct, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { to, data } = frame;
  const holder = await ports.names.holder(to);
  if (!holder) return { refusal: UNKNOWN_USER };
  const id = ports.newMessageId();
  const at = new Date(saidAt({ id })).toISOString();
  const forms = formsOf({ type: "direct", to, id, from: connected.user, data, at });
  const outcome = await deliverToOne(ports, holder, { forms, deadline });
  if (outcome === "delivered") {
    ports.count("MessagesAccepted");
    return { reply: acknowledge(route, frame, id) };
  }
  if (outcome !== "gone") throw new Error(`The user could not be reached: ${outcome.failed}`);
  await removeGone(ports, holder);
  return { refusal: UNKNOWN_USER };
};

const UNKNOWN_USER = refuse("unknown-user", "Nobody who is connected has that name.");

async function removeGone(ports: Ports, holder: Member): Promise<void> {
  if (mayBeOpening(holder, ports.now())) return;
  const departed = await forget(ports, holder.id);
  // The connection may long be gone from the table, and would not tell.
  await ports.names.release(holder.user, holder.id);
  if (departed) await sayFarewell(ports, [departed]);
}

export const handler = answeringLambda(Direct, direct, { ...presence, newMessageId });
