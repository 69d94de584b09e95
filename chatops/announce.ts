import type { HandOver } from "../chat/fan-out/tasks.ts";
import { messageFrame } from "../chat/message.ts";
import type { Messages, NewMessageId } from "../chat/ports.ts";
import { CHAT_OPS } from "../chat/user.ts";
import type { Ports } from "./ports.ts";
import { OPS_CHANNEL } from "./rules.ts";

export interface AnnouncePorts {
  readonly messages: Pick<Messages, "store">;
  readonly handOver: HandOver;
  readonly newMessageId: NewMessageId;
  /** Takes what went wrong. */
  readonly onFault: (fault: unknown) => void;
}

/**
 * Says things in `ops`, as messages like any other: who was away finds them in `history`. The audience is left to the
 * worker, so who holds a service's credential needs no right to reach anybody.
 */
export const announcing =
  ({ messages, handOver, newMessageId, onFault }: AnnouncePorts): Ports["announce"] =>
  async (data) => {
    const message = { id: newMessageId(), channel: OPS_CHANNEL, from: CHAT_OPS, data };
    try {
      await messages.store(message);
      await handOver({ frame: messageFrame(message), shard: { channel: OPS_CHANNEL, shard: 0 }, shards: 1 });
    } catch (fault) {
      onFault(fault);
    }
  };
