import { type Connected, isAuthenticated, type Member } from "../connection.ts";
import { authorOf, type OwnMessageSettings } from "../own-messages.ts";
import type { Connections, NewMessageId } from "../ports.ts";
import type { Direct } from "../protocol/client-frames.ts";
import { acknowledge, type Refusal, refuse } from "../protocol/frames.ts";
import { UNKNOWN_USER } from "../refusals.ts";
import { isGuest } from "../user.ts";
import type { Names } from "../user-ports.ts";
import { type ConversationPorts, pushDirect, sendInConversation } from "./send-direct.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ConversationPorts, OwnMessageSettings {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly names: Pick<Names, "holder" | "release">;
  readonly newMessageId: NewMessageId;
  /** Whether direct messages are stored. All users are then authenticated. */
  readonly directConversations: boolean;
}

/**
 * The maximum number of shards of a channel, of 1,000 members each, in which a guest is searched. A generated guest name is
 * not stored separately: that would cost a write for each connection. So `direct` reads the channels of the sender, which
 * costs no more than a message there.
 */
const SEARCHED_SHARDS_MAX = 10;

/**
 * Sends to all connections of a user. Without `directConversations`, nothing is stored, and the sender gets an error if the
 * user is away.
 */
export const direct: FrameHandler<Direct, Ports> = async (ports, request) =>
  ports.directConversations ? sendStored(ports, request) : sendUnstored(ports, request);

const sendStored: FrameHandler<Direct, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { to, data, id, replyTo } = frame;
  const draft = {
    to,
    from: connected.user,
    data,
    ...(id !== undefined && { clientMessageId: id }),
    ...(replyTo !== undefined && { replyTo }),
    ...(ports.ownMessageMinutes !== "off" && { author: authorOf(connected) }),
  };
  const sent = await sendInConversation(ports, draft, { deadline, sender: connected.id });
  if (!sent) return { refusal: NEVER_CONNECTED };
  return { reply: acknowledge(route, frame, { message: sent.message.id }), facts: sent.facts };
};

const NEVER_CONNECTED = refuse("unknown-user", "No user with that name has connected yet. Check the name.");

const sendUnstored: FrameHandler<Direct, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { to, data, replyTo } = frame;
  if (replyTo !== undefined) return { refusal: NOTHING_TO_REPLY_TO };
  const recipients = await connectionsOf(ports, { user: to, sender: connected });
  const message = { to, id: ports.newMessageId(), from: connected.user, data };
  const isDelivered = await pushDirect(ports, message, {
    recipients,
    deadline,
    isAuthenticated: isAuthenticated(connected),
  });
  return isDelivered ? { reply: acknowledge(route, frame, { message: message.id }) } : { refusal: UNKNOWN_USER };
};

const NOTHING_TO_REPLY_TO: Refusal = {
  code: "not-allowed",
  detail: 'Direct messages are not stored in this environment, so there is no message to reply to. Omit "replyTo".',
};

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
