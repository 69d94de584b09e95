import type { Connection } from "./connection.ts";
import { pause } from "./ports.ts";
import { askWithRetries, backOff, dropIfFailed } from "./retry.ts";
import { errorOf, type SessionContext, setUser } from "./session-context.ts";
import type { Answer } from "./wire.ts";

/** About seven seconds. By then, the chat has usually noticed that the previous connection is lost. */
const TRIES_MAX = 4;

/** Claims a name, now and after each reconnect. */
export async function claimName(
  context: SessionContext,
  connection: Connection,
  name: string,
): Promise<Answer | undefined> {
  const { ports } = context;
  const answer = await askWithRetries(ports, connection, { message: "name", data: name, id: ports.newId() });
  if (answer?.type !== "ack") return answer;
  Object.assign(context, { name, hadName: true });
  setUser(context, name);
  return answer;
}

/** Claims the session's name once, if it has one. Returns false if the connection was lost. */
export async function resumeName(context: SessionContext, connection: Connection): Promise<boolean> {
  const { name, hadName, emit } = context;
  if (name === undefined) return true;
  const answer = await claimName(context, connection, name);
  if (dropIfFailed(connection, answer)) return false;
  if (answer?.type === "error" && !hadName) {
    context.name = undefined;
    emit("error", errorOf(answer));
  }
  return answer !== undefined;
}

/**
 * Retries to claim a name that the previous connection still holds, before requests are repeated under another name.
 * Returns false if the connection was lost.
 */
export async function retryName(context: SessionContext, connection: Connection): Promise<boolean> {
  const { ports, name, emit } = context;
  for (let tries = 1; name !== undefined && name !== context.user; tries++) {
    await pause(ports, backOff(tries - 1, ports.random));
    const answer = await claimName(context, connection, name);
    if (!answer) return false;
    if (answer.type === "error" && tries === TRIES_MAX) {
      emit("error", errorOf(answer));
      return true;
    }
  }
  return true;
}
