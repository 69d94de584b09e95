import type { Connection } from "./connection.ts";
import { catchUp, join, leave } from "./join.ts";
import { resumeName, retryName } from "./name.ts";
import { LOBBY } from "./protocol.ts";
import { askWithRetries, dropIfFailed } from "./retry.ts";
import { addFeed, endFeed, errorOf, type SessionContext, setUser } from "./session-context.ts";

/** Restores the name and the channels on a new connection. Returns false if the connection was lost. */
export async function resume(context: SessionContext, connection: Connection): Promise<boolean> {
  context.user = undefined;
  for (const step of [resumeName, resumeChannels, resumeDirect, retryName]) {
    if (!(await step(context, connection))) return false;
  }
  return true;
}

const resumeDirect = async (context: SessionContext, connection: Connection): Promise<boolean> =>
  context.direct === undefined || context.direct.readMissed(context, connection);

/** The chat adds every connection to the lobby, and to the lasting channels of its user. */
async function resumeChannels(context: SessionContext, connection: Connection): Promise<boolean> {
  const { feeds, emit, hasLastingChannels } = context;
  if (!feeds.has(LOBBY) && !(await leave(context, connection, LOBBY))) return false;
  const resumed = hasLastingChannels ? await resumeLasting(context, connection) : [];
  if (!resumed) return false;
  for (const channel of [...feeds.keys()].filter((each) => !resumed.includes(each))) {
    const reply = await join(context, connection, channel);
    if (!reply || dropIfFailed(connection, reply)) return false;
    if (reply.type === "error") emit("error", errorOf(reply));
  }
  return true;
}

/** Reads what the channels of this connection have missed. Returns these channels; undefined if the connection was lost. */
async function resumeLasting(context: SessionContext, connection: Connection): Promise<readonly string[] | undefined> {
  const { ports, feeds } = context;
  const reply = await askWithRetries(ports, connection, { message: "channels", mine: true, id: ports.newId() });
  if (!reply || dropIfFailed(connection, reply)) return undefined;
  // Without `mine`, the chat is older than this client, and returned the channels of all users.
  if (reply.type !== "channels" || !reply.mine) return [];
  const { channels, user, at } = reply;
  setUser(context, user);
  endFeeds(context, channels);
  for (const channel of channels) {
    const feed = feeds.get(channel) ?? addFeed(context, channel);
    feed.hold();
    if (!(await catchUp(context, connection, { feed, at }))) return undefined;
  }
  return channels;
}

/** Removes the channels of the session that the user has left on another connection. */
function endFeeds(context: SessionContext, channels: readonly string[]): void {
  for (const [channel, feed] of context.feeds) {
    if (feed.joinedAt === undefined || channels.includes(channel)) continue;
    endFeed(context, channel);
  }
}
