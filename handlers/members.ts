import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { connections } from "../aws/table/connections.ts";
import { members as membersOf } from "../aws/table/members.ts";
import { table } from "../aws/table/table.ts";
import { echoId } from "../chat/answers.ts";
import { membershipIn } from "../chat/connection.ts";
import { PAGE_MAX } from "../chat/fields.ts";
import { refuseOutsider } from "../chat/membership.ts";
import type { Channels, Connections, Members } from "../chat/ports.ts";
import { ListMembers } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports {
  readonly connections: Pick<Connections, "get">;
  readonly channels: Pick<Channels, "exists">;
  readonly members: Pick<Members, "pages">;
}

/** A page of connections, each user in it once. */
export const members: FrameHandler<ListMembers, Ports> = async (ports, { connected, frame }) => {
  const { channel, cursor } = frame;
  const shard = membershipIn(connected, channel);
  if (!shard) return { refusal: await refuseOutsider(ports, channel) };
  for await (const page of ports.members.pages(shard, { after: cursor, limit: PAGE_MAX })) {
    const next = page.length === PAGE_MAX ? page.at(-1)?.id : undefined;
    const users = [...new Set(page.map(({ user }) => user))];
    const more = next !== undefined && { cursor: next };
    return { reply: { type: "members", ...echoId(frame), channel, members: users, ...more } };
  }
  return { reply: { type: "members", ...echoId(frame), channel, members: [] } };
};

export const handler = answeringLambda(ListMembers, members, {
  connections: connections(table, now),
  channels: channels(table, now),
  members: membersOf(table, now),
});
