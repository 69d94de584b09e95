import type { Recipient } from "../connection.ts";
import { type DeliveryPorts, deliver, faultsIn } from "../fan-out/delivery.ts";
import type { Users } from "../ports.ts";
import type { ServerFrame } from "../protocol/client-frames.ts";
import { formsOf } from "../protocol/frames.ts";

/** A notice reports what has already happened, so the acknowledgement waits for it only briefly. */
const NOTICE_MILLISECONDS = 1_000;

export interface Notice {
  readonly frame: ServerFrame;
  /** When Lambda ends the function, in epoch milliseconds. */
  readonly deadline: number;
}

export interface NotifyUserPorts extends DeliveryPorts {
  readonly users: Pick<Users, "connectionsOf">;
}

/** Facts for the log: why some connections were not notified. */
export type Notified = { readonly unnotified?: string };

/** Pushes a notice to some connections. Best effort: never rejects. */
export async function notify(
  ports: DeliveryPorts,
  recipients: readonly Recipient[],
  { frame, deadline }: Notice,
): Promise<Notified> {
  const delivery = deliver(ports, {
    forms: formsOf(frame),
    deadline: Math.min(deadline, ports.now() + NOTICE_MILLISECONDS),
  });
  const { undelivered } = await delivery.push(recipients);
  await delivery.retry(undelivered);
  return delivery.tally.failed > 0 ? { unnotified: faultsIn(delivery.tally) } : {};
}

/**
 * Notifies a user of an action that has taken effect, by each connection that `concerns` accepts. Best effort: a repeat of
 * the action would notify again, so a notice that fails must not fail the action.
 */
export async function notifyUser(
  ports: NotifyUserPorts,
  { user, concerns = async () => true }: { user: string; concerns?: (connectionId: string) => Promise<boolean> },
  notice: Notice,
): Promise<Notified> {
  try {
    const recipients: Recipient[] = [];
    for (const each of await ports.users.connectionsOf(user)) if (await concerns(each.id)) recipients.push(each);
    return await notify(ports, recipients, notice);
  } catch (fault) {
    return { unnotified: String(fault) };
  }
}
