import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { looks } from "../aws/table/names.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { type Connected, isAuthenticated } from "../chat/connection.ts";
import { refuse } from "../chat/frames.ts";
import { lookOf } from "../chat/look.ts";
import { FIXED_NAME, UNKNOWN_CONNECTION } from "../chat/membership.ts";
import type { Connections, Members, Names } from "../chat/ports.ts";
import { type PresencePorts, tell } from "../chat/presence.ts";
import { ChooseName } from "../chat/protocol.ts";
import { renameMembers } from "../chat/rename-members.ts";
import { CHAT_OPS, guestName, isGuest } from "../chat/user.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "rename" | "remove">;
  readonly members: Pick<Members, "pages" | "rename" | "remove">;
  readonly names: Names;
  /** The same for what names look like. A claim of a connection that is gone stays until somebody else makes it. */
  readonly looks: Names;
}

const NAME_TAKEN = refuse(
  "name-taken",
  "A connected user has that name or one that looks like it, or it is reserved; choose another.",
);

/**
 * The claim first: who has it may be called so. The name before is free once nobody is called by it any more. Which one
 * that is, and in which channels, the connection says as it is renamed: another frame may have changed both meanwhile.
 */
export const name: FrameHandler<ChooseName, Ports> = async (ports, { connected, route, frame }) => {
  if (isAuthenticated(connected)) return { refusal: FIXED_NAME };
  const { data: user } = frame;
  const reply = acknowledge(route, frame);
  if (user === connected.user) return { reply };
  if (!(await claim(ports, user, connected))) {
    return { refusal: NAME_TAKEN };
  }
  const before = await ports.connections.rename(connected.id, user);
  if (!before) {
    await release(ports, user, connected);
    return { refusal: UNKNOWN_CONNECTION };
  }
  if (before.user === user) return { reply };
  await renameMembers(ports, { ...before, user });
  if (!isGuest(before.user)) await release(ports, before.user, { id: connected.id, user });
  for (const shard of before.memberships) {
    const named = { type: "named", channel: shard.channel, user, before: before.user } as const;
    await tell(ports, { channel: shard.channel, frame: named, about: connected });
  }
  return { reply };
};

/** The look first: who has it may have any name of that look. */
async function claim(ports: Ports, user: string, connected: Connected): Promise<boolean> {
  const look = lookOf(user);
  if (look === lookOf(CHAT_OPS) || look.startsWith(lookOf(guestName("")))) return false;
  return (
    (await take(ports, look, { connected, from: ports.looks })) && take(ports, user, { connected, from: ports.names })
  );
}

/** A holder whose connection is gone from the table has left the claim behind. */
async function take(
  { connections }: Ports,
  claimed: string,
  { connected, from }: { readonly connected: Connected; readonly from: Names },
): Promise<boolean> {
  if (await from.claim(claimed, connected)) return true;
  const holder = await from.holder(claimed);
  if (holder && (await connections.get(holder.id))) return false;
  if (holder) await from.release(claimed, holder.id);
  return from.claim(claimed, connected);
}

/** `next` is the connection with the name that it has now: a look that stays the same stays claimed. */
async function release({ names, looks }: Ports, user: string, next: Pick<Connected, "id" | "user">): Promise<void> {
  await names.release(user, next.id);
  if (lookOf(user) !== lookOf(next.user)) await looks.release(lookOf(user), next.id);
}

export const handler = answeringLambda(ChooseName, name, { ...presence, looks: looks(table, now) });
