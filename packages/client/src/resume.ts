import type { Connection } from "./connection.ts";
import { join, leave } from "./join.ts";
import { resumeName, retryName } from "./name.ts";
import { LOBBY } from "./protocol.ts";
import { dropIfFailed } from "./retry.ts";
import { errorOf, type SessionContext } from "./session-context.ts";

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

/** The chat adds every connection to the lobby. */
async function resumeChannels(context: SessionContext, connection: Connection): Promise<boolean> {
  const { feeds, emit } = context;
  if (!feeds.has(LOBBY) && !(await leave(context, connection, LOBBY))) return false;
  for (const channel of [...feeds.keys()]) {
    const reply = await join(context, connection, channel);
    if (!reply || dropIfFailed(connection, reply)) return false;
    if (reply.type === "error") emit("error", errorOf(reply));
  }
  return true;
}
