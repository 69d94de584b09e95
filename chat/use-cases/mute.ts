import { membershipIn } from "../connection.ts";
import { endOf, type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../moderation.ts";
import type { Channels, Connections, Emit } from "../ports.ts";
import { type NotifyUserPorts, notifyUser } from "../presence/user-connections.ts";
import { acknowledge } from "../protocol/frames.ts";
import type { Mute } from "../protocol/moderation-frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { Mutes } from "../user-ports.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ModeratorPorts, NotifyUserPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly connections: Pick<Connections, "get">;
  readonly mutes: Pick<Mutes, "set">;
  readonly emit: Emit;
}

/** Mutes the user and not a connection, so reconnecting does not end it. */
export const mute: FrameHandler<Mute, Ports> = async (ports, { connected, route, frame, deadline }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const { channel, user, seconds } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  const until = endOf(ports.now(), seconds);
  await ports.mutes.set(channel, user, until);
  const by = connected.user;
  const notice =
    seconds > 0
      ? ({ type: "muted", channel, by, until: new Date(until).toISOString() } as const)
      : ({ type: "unmuted", channel, by } as const);
  ports.emit(
    notice.type === "muted" ? { ...notice, type: "user muted", user } : { ...notice, type: "user unmuted", user },
  );
  // Only members: to others, the notice would reveal that a private channel exists.
  const concerns = async (id: string) => {
    const other = await ports.connections.get(id);
    return other !== undefined && membershipIn(other, channel) !== undefined;
  };
  const facts = await notifyUser(ports, { user, concerns }, { frame: notice, deadline });
  return { reply: acknowledge(route, frame), facts };
};
