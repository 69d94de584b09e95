import { membershipIn } from "../connection.ts";
import { shardsProvenBy } from "../fan-out/growth.ts";
import type { Channels, Members, Page } from "../ports.ts";
import { PAGE_MAX } from "../protocol/fields.ts";
import { echoId } from "../protocol/frames.ts";
import type { ListMembers } from "../protocol/list-frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly members: Pick<Members, "pages">;
}

/** Reads one shard after the other. A page lists each user once, even with several connections. */
export const members: FrameHandler<ListMembers, Ports> = async (ports, { connected, frame }) => {
  const { channel, cursor } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseNonMember(ports, channel) };
  const start = startOf(cursor);
  const shard = { channel, shard: start.shard };
  for await (const page of ports.members.pages(shard, { after: start.after, limit: PAGE_MAX })) {
    const stored = cursor === undefined ? page.growth?.shards : await ports.channels.shardsOf(channel);
    const next = cursorAfter(page, { ...start, shards: Math.max(stored ?? 1, shardsProvenBy(own.shard)) });
    const users = [...new Set(page.members.map(({ user }) => user))];
    return { reply: { type: "members", ...echoId(frame), channel, members: users, ...next } };
  }
  throw new Error(`The store returned no page of members for the channel ${channel}. It must return at least one.`);
};

/** Without a cursor, the beginning of the first shard. */
function startOf(cursor = "0."): { readonly shard: number; readonly after: string | undefined } {
  const dot = cursor.indexOf(".");
  return { shard: Number(cursor.slice(0, dot)), after: cursor.slice(dot + 1) || undefined };
}

function cursorAfter(
  { next }: Page,
  { shard, shards }: { readonly shard: number; readonly shards: number },
): { readonly cursor?: string } {
  if (next !== undefined) return { cursor: `${shard}.${next}` };
  return shard + 1 < shards ? { cursor: `${shard + 1}.` } : {};
}
