import { metrics } from "../aws/metrics.ts";
import { push } from "../aws/push.ts";
import { moderators, now, pause, random } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { mutes } from "../aws/table/mutes.ts";
import { table } from "../aws/table/table.ts";
import { users } from "../aws/table/users.ts";
import { takingFrames } from "../aws/taking-frames.ts";
import { acknowledge } from "../chat/answers.ts";
import { membershipIn } from "../chat/connection.ts";
import { refuseOutsider } from "../chat/membership.ts";
import { endOf, type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../chat/moderation.ts";
import { type NotifyUserPorts, notifyUser } from "../chat/notify-user.ts";
import type { Channels, Connections, Mutes } from "../chat/ports.ts";
import { Mute } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends ModeratorPorts, NotifyUserPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly connections: Pick<Connections, "get">;
  readonly mutes: Pick<Mutes, "set">;
}

/** Mutes the user and not a connection, so reconnecting does not end it. */
export const mute: FrameHandler<Mute, Ports> = async (ports, { connected, route, frame, deadline }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const { channel, user, seconds } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseOutsider(ports, channel) };
  const until = endOf(ports.now(), seconds);
  await ports.mutes.set(channel, user, until);
  const by = connected.user;
  const notice =
    seconds > 0
      ? ({ type: "muted", channel, by, until: new Date(until).toISOString() } as const)
      : ({ type: "unmuted", channel, by } as const);
  // Only members: to others, the notice would reveal that a private channel exists.
  const concerns = async (id: string) => {
    const other = await ports.connections.get(id);
    return other !== undefined && membershipIn(other, channel) !== undefined;
  };
  const facts = await notifyUser(ports, { user, concerns }, { frame: notice, deadline });
  return { reply: acknowledge(route, frame), facts };
};

export const handler = answeringLambda(Mute, mute, {
  ...takingFrames,
  channels: channels(table, now),
  mutes: mutes(table, now),
  users: users(table, now),
  push,
  pause,
  random,
  count: (metric, value) => metrics.count(metric, value),
  moderators,
});
