import { presence } from "../aws/presence.ts";
import { newMessageId } from "../aws/runtime.ts";
import { acknowledge } from "../chat/answers.ts";
import { type Member, mayBeOpening } from "../chat/connection.ts";
import { forget } from "../chat/forget.ts";
import { encode, refuse } from "../chat/frames.ts";
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
export const direct: FrameHandler<Direct, Ports> = async (ports, { connected, route, frame }) => {
  const { to, data } = frame;
  const holder = await ports.names.holder(to);
  const id = ports.newMessageId();
  const said = {
    type: "direct",
    to,
    id,
    from: connected.user,
    data,
    at: new Date(saidAt({ id })).toISOString(),
  } as const;
  const text = holder && (encode(said, holder.protocol) as string);
  if (!holder || text === undefined || (await ports.push(holder.id, text)) === "gone") {
    if (holder) await removeGone(ports, holder);
    return { refusal: refuse("unknown-user", "Nobody who is connected has that name.") };
  }
  return { reply: acknowledge(route, frame, id) };
};

async function removeGone(ports: Ports, holder: Member): Promise<void> {
  if (mayBeOpening(holder, ports.now())) return;
  const departed = await forget(ports, holder.id);
  // The connection may long be gone from the table, and would not tell.
  await ports.names.release(holder.user, holder.id);
  if (departed) await sayFarewell(ports, [departed]);
}

export const handler = answeringLambda(Direct, direct, { ...presence, newMessageId });
