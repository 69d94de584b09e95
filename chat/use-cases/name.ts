import { type Connected, isAuthenticated } from "../connection.ts";
import { lookOf } from "../look.ts";
import type { Connections, Members, Names } from "../ports.ts";
import { type PresencePorts, tell } from "../presence/presence.ts";
import { renameMembers } from "../presence/rename-members.ts";
import { acknowledge } from "../protocol/answers.ts";
import type { ChooseName } from "../protocol/client-frames.ts";
import { refuse } from "../protocol/frames.ts";
import { FIXED_NAME, UNKNOWN_CONNECTION } from "../refusals.ts";
import { CHAT_OPS, guestName, isGuest } from "../user.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "glance" | "rename" | "remove">;
  readonly members: Pick<Members, "pages" | "rename" | "remove">;
  readonly names: Names;
  /** The same for what names look like. The claim of a connection that is gone stays until another one takes it. */
  readonly looks: Names;
}

const NAME_TAKEN = refuse(
  "name-taken",
  "A connected user has that name or one that looks like it, or it is reserved. Choose another one.",
);

/**
 * Claims the name first, then renames the connection, which keeps the former name. What remains after that can be done
 * again from the connection alone, so a repeat of the frame completes a change that broke off.
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
  // The connection has the new name already if the SDK retried the write, or if the same frame came twice at once.
  await complete(ports, before.user === user ? before : { ...before, user, formerUser: before.user });
  return { reply };
};

/** Renames the members, releases the former name, and notifies the channels. */
async function complete(ports: Ports, connected: Connected): Promise<void> {
  const { id, user, formerUser: before, memberships } = connected;
  if (before === undefined || before === user) return;
  const now = await renameMembers(ports, connected);
  // Another frame may have gone back to the former name.
  if (!isGuest(before) && before !== now) await release(ports, before, { id, user: now ?? user });
  for (const { channel } of memberships) {
    await tell(ports, { channel, frame: { type: "named", channel, user, before }, about: connected });
  }
}

/** The look first: a connection that holds it may have any name of that look. */
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
 * A connection that is being removed releases its name and not its look, and may stay stored if the removal breaks off.
 * A connection with a name of another look is taking this look at the moment.
 */
async function holdsLook({ connections, names }: Ports, look: string, id: string): Promise<boolean> {
  const stored = await connections.get(id);
  if (!stored || lookOf(stored.user) !== look) return stored !== undefined;
  return (await names.holder(stored.user))?.id === id;
}

interface Claiming {
  readonly connected: Connected;
  /** Whether the connection with this id still has a right to what it has claimed. */
  readonly isHeld: (id: string) => Promise<boolean>;
}

async function take(from: Names, claimed: string, { connected, isHeld }: Claiming): Promise<boolean> {
  if (await from.claim(claimed, connected)) return true;
  const holder = await from.holder(claimed);
  if (holder && (await isHeld(holder.id))) return false;
  if (holder) await from.release(claimed, holder.id);
  return from.claim(claimed, connected);
}

/** `next` is the connection with the name that it has now: a look that stays the same stays claimed. */
async function release({ names, looks }: Ports, user: string, next: Pick<Connected, "id" | "user">): Promise<void> {
  await names.release(user, next.id);
  if (lookOf(user) !== lookOf(next.user)) await looks.release(lookOf(user), next.id);
}
