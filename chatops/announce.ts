import type { HandOver } from "../chat/fan-out/tasks.ts";
import { messageFrame } from "../chat/message.ts";
import type { Messages } from "../chat/message-ports.ts";
import type { Emit, NewMessageId } from "../chat/ports.ts";
import { CHAT_OPS } from "../chat/user.ts";
import { type AuditTrail, nameOf, type Ports } from "./ports.ts";
import { OPS_CHANNEL } from "./rules.ts";

export interface AnnouncerPorts {
  readonly messages: Pick<Messages, "store">;
  readonly handOver: HandOver;
  readonly newMessageId: NewMessageId;
  readonly emit: Emit;
  readonly onFault: (fault: unknown) => void;
}

/**
 * Publishes announcements as regular messages in the channel `ops`, so users who were offline find them in `history`.
 * The fan-out function delivers them: a function that can read a credential needs no permission to reach connections.
 */
export const opsAnnouncer =
  ({ messages, handOver, newMessageId, emit, onFault }: AnnouncerPorts): Ports["announce"] =>
  async (data) => {
    const message = { id: newMessageId(), channel: OPS_CHANNEL, from: CHAT_OPS, data };
    try {
      await messages.store(message);
      emit({ type: "message stored", ...message });
      await handOver({ frame: messageFrame(message), shard: { channel: OPS_CHANNEL, shard: 0 }, shards: 1 });
    } catch (fault) {
      onFault(fault);
    }
  };

/** An audit trail that also publishes an event for each entry, once it is stored. The event has no text, and no failure. */
export const emittingTrail = (trail: AuditTrail, emit: Emit): AuditTrail => ({
  async add(entry) {
    await trail.add(entry);
    const { service, action, by, outcome } = entry;
    emit({ type: "chat-ops acted", service, ...(action && { action }), by: nameOf(by), outcome });
  },
});
