import { type Connected, isAuthenticated } from "../connection.ts";
import { lookOf } from "../name-look.ts";
import type { Connections, Members } from "../ports.ts";
import { renameMembers } from "../presence/memberships.ts";
import { notifyChannel, type PresencePorts } from "../presence/presence.ts";
import type { ChooseName } from "../protocol/client-frames.ts";
import { acknowledge, refuse } from "../protocol/frames.ts";
import { FIXED_NAME, UNKNOWN_CONNECTION } from "../refusals.ts";
import { CHAT_OPS, guestName, isGuest } from "../user.ts";
import type { Names } from "../user-ports.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "rename" | "remove">;
  readonly members: Pick<Members, "pages" | "rename" | "remove">;
  readonly names: Names;
  /** The looks of names (see `lookOf`). The claim of a connection that is gone stays until another connection takes it. */
  readonly looks: Names;
}

const NAME_TAKEN = refuse(
  "name-taken",
  "A connected user has that name or one that looks like it, or it is reserved. Choose another one.",
);

/**
 * Claims the name first, then renames the connection, which keeps the former name. The connection has everything that the
 * remaining steps need, so a repeat of the frame completes a change that failed halfway.
 */
export const name: FrameHandler<ChooseName, Ports> = async (ports, { connected, route, frame }) => {
  if (isAuthenticated(connected)) return { refusal: FIXED_NAME };
  const { data: user } = frame;
  const reply = acknowledge(route, frame);
  if (user === connected.user) {
    await complete(ports, connected);
    return { reply };
  }
  if (!(await claim(ports, user, connected))) {
    return { refusal: NAME_TAKEN };
  }
  const before = await ports.connections.rename(connected.id, user);
  if (!before) {
    await release(ports, user, connected);
    return { refusal: UNKNOWN_CONNECTION };
  }
  // The connection already has the new name if the SDK retried the write, or if the same frame arrived twice.
  await complete(ports, before.user === user ? before : { ...before, user, formerUser: before.user });
  return { reply };
};

/** Renames the members, releases the former name, and notifies the channels. */
async function complete(ports: Ports, connected: Connected): Promise<void> {
  const { id, user, formerUser: before, memberships } = connected;
  if (before === undefined || before === user) return;
  const now = await renameMembers(ports, connected);
  // Another frame may have changed back to the former name.
  if (!isGuest(before) && before !== now) await release(ports, before, { id, user: now ?? user });
  for (const { channel } of memberships) {
    await notifyChannel(ports, { channel, frame: { type: "named", channel, user, before }, about: connected });
  }
}

/** Claims the look first: only one connection can have a name with that look. */
async function claim(ports: Ports, user: string, connected: Connected): Promise<boolean> {
  const { connections, names, looks } = ports;
  const look = lookOf(user);
  if (look === lookOf(CHAT_OPS) || look.startsWith(lookOf(guestName("")))) return false;
  const isStored = async (id: string) => (await connections.get(id)) !== undefined;
  return (
    (await take(looks, look, { connected, isHeld: (id) => holdsLook(ports, look, id) })) &&
    take(names, user, { connected, isHeld: isStored })
  );
}

/**
 * A connection that is being removed releases its name but not its look, and can stay stored if the removal fails halfway.
 * A connection with another look is claiming this one at the moment.
 */
async function holdsLook({ connections, names }: Ports, look: string, id: string): Promise<boolean> {
  const stored = await connections.get(id);
  if (!stored || lookOf(stored.user) !== look) return stored !== undefined;
  return (await names.holder(stored.user))?.id === id;
}

interface Claiming {
  readonly connected: Connected;
  /** Whether the connection with this id still uses what it has claimed. */
  readonly isHeld: (id: string) => Promise<boolean>;
}

async function take(from: Names, claimed: string, { connected, isHeld }: Claiming): Promise<boolean> {
  if (await from.claim(claimed, connected)) return true;
  const holder = await from.holder(claimed);
  if (holder && (await isHeld(holder.id))) return false;
  if (holder) await from.release(claimed, holder.id);
  return from.claim(claimed, connected);
}

/** `next` has the new name. If the look is still the same, it stays claimed. */
async function release({ names, looks }: Ports, user: string, next: Pick<Connected, "id" | "user">): Promise<void> {
  await names.release(user, next.id);
  if (lookOf(user) !== lookOf(next.user)) await looks.release(lookOf(user), next.id);
}
