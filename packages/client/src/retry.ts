import type { Connection } from "./connection.ts";
import { type Ports, pause } from "./ports.ts";
import type { OutgoingFrame, Refusal, Reply } from "./wire.ts";

const FIRST_MILLISECONDS = 1000;
const MILLISECONDS_MAX = 30_000;

/**
 * Exponential back-off with full jitter, in milliseconds, so that clients that were disconnected together do not come back
 * together. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const backOff = (tries: number, random: () => number): number =>
  Math.round(random() * Math.min(MILLISECONDS_MAX, FIRST_MILLISECONDS * 2 ** tries));

/** About a minute and a half. */
const TRIES_MAX = 8;

/** The temporary errors, and the minimum number of milliseconds to wait before the next attempt. */
const WAITS: { readonly [Code in Refusal["code"]]?: number } = { internal: 0, "too-many-messages": 1_000 };

/** Whether the same request may succeed later. */
export const isTemporary = (reply: Reply | undefined): reply is Refusal =>
  reply?.type === "error" && WAITS[reply.code] !== undefined;

/**
 * Sends a frame, and sends it again with the same id after temporary errors. Returns undefined if the connection was lost.
 * Only for requests that may be repeated.
 */
export async function askWithRetries(
  ports: Pick<Ports, "after" | "random">,
  connection: Pick<Connection, "ask">,
  frame: OutgoingFrame,
): Promise<Reply | undefined> {
  for (let tries = 1; ; tries++) {
    const reply = await connection.ask(frame);
    if (!isTemporary(reply) || tries === TRIES_MAX) return reply;
    await pause(ports, (WAITS[reply.code] ?? 0) + backOff(tries - 1, ports.random));
  }
}

/** Drops the connection if a temporary error has outlasted every attempt: a new connection may work. Returns whether it did. */
export function dropIfFailed(connection: Pick<Connection, "drop">, reply: Reply | undefined): boolean {
  if (!isTemporary(reply)) return false;
  connection.drop(`the chat cannot answer "${reply.request}": ${reply.detail}`);
  return true;
}
