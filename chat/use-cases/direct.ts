import { type Connected, isAuthenticated, type Member, type Recipient } from "../connection.ts";
import { faultsIn, startDelivery } from "../fan-out/delivery.ts";
import { sentAt } from "../message.ts";
import type { Connections, NewMessageId } from "../ports.ts";
import { announceDepartures, type PresencePorts } from "../presence/presence.ts";
import { removeConnection } from "../presence/remove-connections.ts";
import type { Direct, ServerFrameOf } from "../protocol/client-frames.ts";
import { acknowledge, formsOf } from "../protocol/frames.ts";
import { UNKNOWN_USER } from "../refusals.ts";
import { isGuest } from "../user.ts";
import type { Names, Users } from "../user-ports.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly names: Pick<Names, "holder" | "release">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly newMessageId: NewMessageId;
}

/**
 * The maximum number of shards of a channel, of 1,000 members each, in which a guest is searched. A generated guest name is
 * not stored separately: that would cost a write for each connection. So `direct` reads the channels of the sender, which
 * costs no more than a message there.
 */
const SEARCHED_SHARDS_MAX = 10;

/** Sends to the connections that have the name now. Nothing is stored: if the user is away, the sender gets an error. */
export const direct: FrameHandler<Direct, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { to, data } = frame;
  const recipients = await connectionsOf(ports, { user: to, sender: connected });
  const message = { to, id: ports.newMessageId(), from: connected.user, data };
  const isDelivered = await pushDirect(ports, message, {
    recipients,
    deadline,
    isAuthenticated: isAuthenticated(connected),
  });
  return isDelivered ? { reply: acknowledge(route, frame, { message: message.id }) } : { refusal: UNKNOWN_USER };
};

type DirectMessage = Omit<ServerFrameOf<"direct">, "type" | "at">;

interface DirectRecipients {
  readonly recipients: readonly Recipient[];
  readonly deadline: number;
  readonly isAuthenticated: boolean;
}

/**
 * Pushes a message to the connections of a user, and removes those that are gone. Returns false if all are gone. Throws if
 * some exist, and none could be reached.
 */
export async function pushDirect(
  ports: PresencePorts,
  message: DirectMessage,
  { recipients, deadline, isAuthenticated }: DirectRecipients,
): Promise<boolean> {
  const at = new Date(sentAt(message)).toISOString();
  const forms = formsOf({ type: "direct", ...message, at });
  const delivery = startDelivery(ports, { forms, deadline });
  const first = await delivery.push(recipients);
  const second = await delivery.retry(first.undelivered);
  await Promise.all(
    [...first.gone, ...second.gone].map((gone) => removeGone(ports, gone, { user: message.to, isAuthenticated })),
  );
  if (delivery.tally.delivered > 0) {
    ports.count("MessagesAccepted");
    return true;
  }
  if (second.undelivered.length === 0) return false;
  throw new Error(`None of the user's connections could be reached: ${faultsIn(delivery.tally)}`);
}

interface Target {
  readonly user: string;
  readonly sender: Connected;
}

/** All connections of an authenticated user; without authentication, the one that has the name. */
async function connectionsOf(ports: Ports, { user, sender }: Target): Promise<readonly Member[]> {
  if (isAuthenticated(sender)) return ports.users.connectionsOf(user);
  const holder = isGuest(user) ? await guestNear(ports, { user, sender }) : await ports.names.holder(user);
  return holder ? [holder] : [];
}

/** A guest in one of the sender's channels, where `members` lists it. */
async function guestNear(ports: Ports, { user, sender }: Target): Promise<Member | undefined> {
  for (const { channel } of sender.memberships) {
    const found = await guestIn(ports, channel, user);
    if (found) return found;
  }
  return undefined;
}

async function guestIn({ members }: Ports, channel: string, user: string): Promise<Member | undefined> {
  let shards = 1;
  for (let shard = 0; shard < Math.min(shards, SEARCHED_SHARDS_MAX); shard += 1) {
    for await (const page of members.pages({ channel, shard })) {
      const found = page.members.find((member) => member.user === user);
      if (found) return found;
      shards = page.growth?.shards ?? shards;
    }
  }
  return undefined;
}

async function removeGone(
  ports: PresencePorts,
  gone: Recipient,
  { user, isAuthenticated }: { readonly user: string; readonly isAuthenticated: boolean },
): Promise<void> {
  const departed = await removeConnection(ports, gone.id);
  // If the connection is no longer stored, removeConnection cannot know the user or the name.
  await (isAuthenticated ? ports.users.remove(user, gone.id) : ports.names.release(user, gone.id));
  if (departed) await announceDepartures(ports, [departed]);
}
