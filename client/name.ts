import type { Connection } from "./connection.ts";
import type { Answer } from "./frames.ts";
import { pause } from "./ports.ts";
import { askWithRetries, backOff, dropIfFailed } from "./retry.ts";
import type { SessionState } from "./session-state.ts";

/** About seven seconds. By then, the chat has usually noticed that the previous connection is lost. */
const TRIES_MAX = 4;

/** Claims a name, now and after each reconnect. */
export async function takeName(state: SessionState, connection: Connection, name: string): Promise<Answer | undefined> {
  const { ports, tell } = state;
  const answer = await askWithRetries(ports, connection, { message: "name", data: name, id: ports.newId() });
  if (answer?.type !== "ack") return answer;
  Object.assign(state, { name, user: name, hadName: true });
  tell({ type: "called", user: name });
  return answer;
}

/** Claims the session's name once, if it has one. Returns false if the connection was lost. */
export async function resumeName(state: SessionState, connection: Connection): Promise<boolean> {
  const { name, hadName, tell } = state;
  if (name === undefined) return true;
  const answer = await takeName(state, connection, name);
  if (dropIfFailed(connection, answer)) return false;
  if (answer?.type === "error" && !hadName) {
    state.name = undefined;
    tell({ type: "refused", error: answer });
  }
  return answer !== undefined;
}

/**
 * Retries to claim a name that the previous connection still holds, before requests are repeated under another name.
 * Returns false if the connection was lost.
 */
export async function retryName(state: SessionState, connection: Connection): Promise<boolean> {
  const { ports, name, tell } = state;
  for (let tries = 1; name !== undefined && name !== state.user; tries++) {
    await pause(ports, backOff(tries - 1, ports.random));
    const answer = await takeName(state, connection, name);
    if (!answer) return false;
    if (answer.type === "error" && tries === TRIES_MAX) {
      tell({ type: "refused", error: answer });
      return true;
    }
  }
  return true;
}
