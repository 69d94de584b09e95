import { type Connected, isAuthenticated, type Member, type Recipient } from "../connection.ts";
import { deliver, faultsIn } from "../fan-out/delivery.ts";
import { saidAt } from "../message.ts";
import type { Connections, Names, NewMessageId, Users } from "../ports.ts";
import { forget } from "../presence/forget.ts";
import { type PresencePorts, sayFarewell } from "../presence/presence.ts";
import { acknowledge } from "../protocol/answers.ts";
import type { Direct } from "../protocol/client-frames.ts";
import { formsOf } from "../protocol/frames.ts";
import { UNKNOWN_USER } from "../refusals.ts";
import { isGuest } from "../user.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly names: Pick<Names, "holder" | "release">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly newMessageId: NewMessageId;
}

/**
 * Members that a search for a guest reads in one channel, in shards of 1,000. A guest holds no claim on its name: that would
 * cost a write at each connect, so `direct` reads the channels of the sender, which costs no more than a message there.
 */
const SEARCHED_SHARDS_MAX = 10;

/** Sends to the connections that have the name now. Nothing is stored: if the user is away, the sender gets an error. */
export const direct: FrameHandler<Direct, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { to, data } = frame;
  const recipients = await connectionsOf(ports, { user: to, asker: connected });
  const id = ports.newMessageId();
  const at = new Date(saidAt({ id })).toISOString();
  const forms = formsOf({ type: "direct", to, id, from: connected.user, data, at });
  const delivery = deliver(ports, { forms, deadline });
  const first = await delivery.push(recipients);
  const second = await delivery.retry(first.undelivered);
  await Promise.all(
    [...first.gone, ...second.gone].map((gone) => removeGone(ports, gone, { user: to, asker: connected })),
  );
  if (delivery.tally.delivered > 0) {
    ports.count("MessagesAccepted");
    return { reply: acknowledge(route, frame, { message: id }) };
  }
  if (second.undelivered.length === 0) return { refusal: UNKNOWN_USER };
  throw new Error(`The user could not be reached: ${faultsIn(delivery.tally)}`);
};

interface Asked {
  readonly user: string;
  readonly asker: Connected;
}

/** All connections of an authenticated user; without authentication, the one that has the name. */
async function connectionsOf(ports: Ports, { user, asker }: Asked): Promise<readonly Member[]> {
  if (isAuthenticated(asker)) return ports.users.connectionsOf(user);
  const holder = isGuest(user) ? await guestBeside(ports, { user, asker }) : await ports.names.holder(user);
  return holder ? [holder] : [];
}

/** A guest in one of the sender's channels, where `members` lists it. */
async function guestBeside(ports: Ports, { user, asker }: Asked): Promise<Member | undefined> {
  for (const { channel } of asker.memberships) {
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

async function removeGone(ports: Ports, gone: Recipient, { user, asker }: Asked): Promise<void> {
  const departed = await forget(ports, gone.id);
  // The connection may long be gone from the table, and would not tell.
  await (isAuthenticated(asker) ? ports.users.remove(user, gone.id) : ports.names.release(user, gone.id));
  if (departed) await sayFarewell(ports, [departed]);
}
