import type { Member } from "../connection.ts";
import { startDelivery, type Tally } from "../fan-out/delivery.ts";
import type { ServerFrame } from "../protocol/client-frames.ts";
import { formsOf } from "../protocol/frames.ts";
import { announceDepartures, type PresencePorts } from "./presence.ts";
import { removeConnection } from "./remove-connections.ts";

export interface UserDelivery {
  readonly recipients: readonly Member[];
  /** In epoch milliseconds. */
  readonly deadline: number;
  readonly isAuthenticated: boolean;
}

interface Delivered {
  readonly tally: Tally;
  /** Whether a connection was not reached and is not gone. */
  readonly isReachable: boolean;
  /** The ids of the connections that are gone. */
  readonly gone: ReadonlySet<string>;
}

/** Pushes a frame to connections of users, with retries, and removes those that are gone. */
export async function deliverToUsers(
  ports: PresencePorts,
  frame: ServerFrame,
  { recipients, deadline, isAuthenticated }: UserDelivery,
): Promise<Delivered> {
  const delivery = startDelivery(ports, { forms: formsOf(frame), deadline });
  const first = await delivery.push(recipients);
  const second = await delivery.retry(first.undelivered);
  const gone = new Set([...first.gone, ...second.gone].map(({ id }) => id));
  const removed = recipients.filter(({ id }) => gone.has(id));
  await Promise.all(removed.map((each) => removeGone(ports, each, isAuthenticated)));
  return { tally: delivery.tally, isReachable: second.undelivered.length > 0, gone };
}

async function removeGone(ports: PresencePorts, { id, user }: Member, isAuthenticated: boolean): Promise<void> {
  const departed = await removeConnection(ports, id);
  // If the connection is no longer stored, removeConnection cannot know the user or the name.
  await (isAuthenticated ? ports.users.remove(user, id) : ports.names.release(user, id));
  if (departed) await announceDepartures(ports, [departed]);
}
