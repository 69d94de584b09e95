import { presence } from "../aws/presence.ts";
import { acknowledge } from "../chat/answers.ts";
import { type Connected, isAuthenticated } from "../chat/connection.ts";
import { refuse } from "../chat/frames.ts";
import { FIXED_NAME, UNKNOWN_CONNECTION } from "../chat/membership.ts";
import type { Connections, Members, Names } from "../chat/ports.ts";
import { type PresencePorts, tell } from "../chat/presence.ts";
import { ChooseName } from "../chat/protocol.ts";
import { renameMembers } from "../chat/rename-members.ts";
import { isGuest } from "../chat/user.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "glance" | "rename" | "remove">;
  readonly members: Pick<Members, "pages" | "rename" | "remove">;
  readonly names: Names;
}

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
    return { refusal: refuse("name-taken", "Somebody who is connected has that name; choose another.") };
  }
  const before = await ports.connections.rename(connected.id, user);
  if (!before) {
    await ports.names.release(user, connected.id);
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
  if (!isGuest(before) && before !== now) await ports.names.release(before, id);
  for (const { channel } of memberships) {
    await tell(ports, { channel, frame: { type: "named", channel, user, before }, about: connected });
  }
}

/** A name is free if the connection that holds it is no longer stored. */
async function claim({ names, connections }: Ports, user: string, connected: Connected): Promise<boolean> {
  if (await names.claim(user, connected)) return true;
  const holder = await names.holder(user);
  if (holder && (await connections.get(holder.id))) return false;
  if (holder) await names.release(user, holder.id);
  return names.claim(user, connected);
}

export const handler = answeringLambda(ChooseName, name, presence);
