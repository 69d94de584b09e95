import type { Connection } from "./connection.ts";
import { pause } from "./ports.ts";
import { askWithRetries, backOff, dropIfFailed } from "./retry.ts";
import { errorOf, type SessionContext, setUser } from "./session-context.ts";
import type { Reply } from "./wire.ts";

/** About seven seconds. By then, the chat has usually noticed that the previous connection is lost. */
const TRIES_MAX = 4;

/** Claims a name, now and after each reconnect. */
export async function claimName(
  context: SessionContext,
  connection: Connection,
  name: string,
): Promise<Reply | undefined> {
  const { ports } = context;
  const reply = await askWithRetries(ports, connection, { message: "name", data: name, id: ports.newId() });
  if (reply?.type !== "ack") return reply;
  Object.assign(context, { name, hadName: true });
  setUser(context, name);
  return reply;
}

/** Claims the session's name once, if it has one. Returns false if the connection was lost. */
export async function resumeName(context: SessionContext, connection: Connection): Promise<boolean> {
  const { name, hadName, emit } = context;
  if (name === undefined) return true;
  const reply = await claimName(context, connection, name);
  if (dropIfFailed(connection, reply)) return false;
  if (reply?.type === "error" && !hadName) {
    context.name = undefined;
    emit("error", errorOf(reply));
  }
  return reply !== undefined;
}

/**
 * Retries to claim a name that the previous connection still holds, before requests are repeated under another name.
 * Returns false if the connection was lost.
 */
export async function retryName(context: SessionContext, connection: Connection): Promise<boolean> {
  const { ports, name, emit } = context;
  for (let tries = 1; name !== undefined && name !== context.user; tries++) {
    await pause(ports, backOff(tries - 1, ports.random));
    const reply = await claimName(context, connection, name);
    if (!reply) return false;
    if (reply.type === "error" && tries === TRIES_MAX) {
      emit("error", errorOf(reply));
      return true;
    }
  }
  return true;
}
