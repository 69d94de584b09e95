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
  readonly connections: Pick<Connections, "get" | "rename" | "remove">;
  readonly members: Pick<Members, "pages" | "rename" | "remove">;
  readonly names: Names;
}

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
    return { refusal: refuse("name-taken", "Somebody who is connected has that name; choose another.") };
  }
  const before = await ports.connections.rename(connected.id, user);
  if (!before) {
    await ports.names.release(user, connected.id);
    return { refusal: UNKNOWN_CONNECTION };
  }
  if (before.user === user) return { reply };
  await renameMembers(ports, { ...before, user });
  if (!isGuest(before.user)) await ports.names.release(before.user, connected.id);
  for (const shard of before.memberships) {
    const named = { type: "named", channel: shard.channel, user, before: before.user } as const;
    await tell(ports, { channel: shard.channel, frame: named, about: connected });
  }
  return { reply };
};

/** A holder whose connection is gone from the table has left the name behind. */
async function claim({ names, connections }: Ports, user: string, connected: Connected): Promise<boolean> {
  if (await names.claim(user, connected)) return true;
  const holder = await names.holder(user);
  if (holder && (await connections.get(holder.id))) return false;
  if (holder) await names.release(user, holder.id);
  return names.claim(user, connected);
}

export const handler = answeringLambda(ChooseName, name, presence);
