import { LOBBY } from "../chat/channel.ts";
import type { Connection } from "./connection.ts";
import { join, leave } from "./join.ts";
import { insistOnName, resumeName } from "./name.ts";
import { isBroken } from "./persist.ts";
import type { Standing } from "./standing.ts";

/** Makes a new connection what the one before was. False when it was lost on the way. */
export async function resume(standing: Standing, connection: Connection): Promise<boolean> {
  standing.user = undefined;
  for (const step of [resumeName, resumeChannels, insistOnName]) {
    if (!(await step(standing, connection))) return false;
  }
  return true;
}

/** Everybody is put into the lobby. */
async function resumeChannels(standing: Standing, connection: Connection): Promise<boolean> {
  const { feeds, tell } = standing;
  if (!feeds.has(LOBBY) && !(await leave(standing, connection, LOBBY))) return false;
  for (const channel of [...feeds.keys()]) {
    const answer = await join(standing, connection, channel);
    if (!answer || isBroken(connection, answer)) return false;
    if (answer.type === "error") tell({ type: "refused", error: answer });
  }
  return true;
}
