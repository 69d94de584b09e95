import { type FanOutPorts, fanOut } from "../chat/fan-out.ts";
import { messageFrame } from "../chat/message.ts";
import type { Messages, NewMessageId } from "../chat/ports.ts";
import type { Ports } from "./ports.ts";
import { OPS_CHANNEL } from "./rules.ts";

export interface AnnouncePorts extends FanOutPorts {
  readonly messages: Pick<Messages, "store">;
  readonly newMessageId: NewMessageId;
}

/** Who says it. */
const SPEAKER = "chat-ops";

/** Says things in `ops`, as messages like any other: who was away finds them in `history`. */
export const announcing =
  (
    ports: AnnouncePorts,
    { deadline, onFault }: { readonly deadline: number; readonly onFault: (fault: unknown) => void },
  ): Ports["announce"] =>
  async (data) => {
    const message = { id: ports.newMessageId(), channel: OPS_CHANNEL, from: SPEAKER, data };
    try {
      await ports.messages.store(message);
      await fanOut(ports, { channel: OPS_CHANNEL, frame: messageFrame(message), deadline });
    } catch (fault) {
      onFault(fault);
    }
  };
