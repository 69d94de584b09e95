import { backOff } from "./back-off.ts";
import type { Connection } from "./connection.ts";
import type { Answer } from "./frames.ts";
import { isBroken, persist } from "./persist.ts";
import { pause } from "./ports.ts";
import type { Standing } from "./standing.ts";

/** About seven seconds: by then the chat has mostly noticed that the connection before is lost. */
const TRIES_MAX = 4;

/** Takes a name, now and after each reconnect. */
export async function takeName(standing: Standing, connection: Connection, name: string): Promise<Answer | undefined> {
  const { ports, tell } = standing;
  const answer = await persist(ports, connection, { message: "name", data: name, id: ports.newId() });
  if (answer?.type !== "ack") return answer;
  Object.assign(standing, { name, user: name, hadName: true });
  tell({ type: "called", user: name });
  return answer;
}

/** Asks once, if there is anything to ask for. False when the connection was lost. */
export async function resumeName(standing: Standing, connection: Connection): Promise<boolean> {
  const { name, hadName, tell } = standing;
  if (name === undefined) return true;
  const answer = await takeName(standing, connection, name);
  if (isBroken(connection, answer)) return false;
  if (answer?.type === "error" && !hadName) {
    standing.name = undefined;
    tell({ type: "refused", error: answer });
  }
  return answer !== undefined;
}

/**
 * Asks a few times more for a name that the connection before still holds, before anything is repeated under another.
 * False when the connection was lost.
 */
export async function insistOnName(standing: Standing, connection: Connection): Promise<boolean> {
  const { ports, name, tell } = standing;
  for (let tries = 1; name !== undefined && name !== standing.user; tries++) {
    await pause(ports, backOff(tries - 1, ports.random));
    const answer = await takeName(standing, connection, name);
    if (!answer) return false;
    if (answer.type === "error" && tries === TRIES_MAX) {
      tell({ type: "refused", error: answer });
      return true;
    }
  }
  return true;
}
