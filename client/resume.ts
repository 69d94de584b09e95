import { LOBBY } from "../chat/channel.ts";
import type { Connection } from "./connection.ts";
import { join, leave } from "./join.ts";
import { resumeName, retryName } from "./name.ts";
import { dropIfFailed } from "./retry.ts";
import type { SessionState } from "./session-state.ts";

/** Restores the name and the channels on a new connection. Returns false if the connection was lost. */
export async function resume(state: SessionState, connection: Connection): Promise<boolean> {
  state.user = undefined;
  for (const step of [resumeName, resumeChannels, retryName]) {
    if (!(await step(state, connection))) return false;
  }
  return true;
}

/** The chat adds every connection to the lobby. */
async function resumeChannels(state: SessionState, connection: Connection): Promise<boolean> {
  const { feeds, tell } = state;
  if (!feeds.has(LOBBY) && !(await leave(state, connection, LOBBY))) return false;
  for (const channel of [...feeds.keys()]) {
    const answer = await join(state, connection, channel);
    if (!answer || dropIfFailed(connection, answer)) return false;
    if (answer.type === "error") tell({ type: "refused", error: answer });
  }
  return true;
}
