import type { Code } from "../chat/codes.ts";
import { backOff } from "./back-off.ts";
import type { Connection } from "./connection.ts";
import type { Answer, Identified, Refusal } from "./frames.ts";
import { type Ports, pause } from "./ports.ts";

/** About a minute and a half. */
const TRIES_MAX = 8;

/** The errors that pass, and how many milliseconds to wait at least before the next attempt. */
const WAITS: { readonly [Of in Code]?: number } = { internal: 0, "too-many-messages": 1_000 };

/** Whether the same request may succeed later. */
export const isPassing = (answer: Answer | undefined): answer is Refusal =>
  answer?.type === "error" && WAITS[answer.code] !== undefined;

/**
 * Sends a frame again, with the same id, while the chat has a fault or is too busy. Undefined if the connection was
 * lost. Only for requests that may be repeated.
 */
export async function persist(
  ports: Pick<Ports, "after" | "random">,
  connection: Pick<Connection, "ask">,
  frame: Identified,
): Promise<Answer | undefined> {
  for (let tries = 1; ; tries++) {
    const answer = await connection.ask(frame);
    if (!isPassing(answer) || tries === TRIES_MAX) return answer;
    await pause(ports, (WAITS[answer.code] ?? 0) + backOff(tries - 1, ports.random));
  }
}

/** Whether the error has outlasted every attempt. The connection is then dropped: the next one may do better. */
export function isBroken(connection: Pick<Connection, "drop">, answer: Answer | undefined): boolean {
  if (!isPassing(answer)) return false;
  connection.drop(`the chat cannot answer "${answer.request}": ${answer.detail}`);
  return true;
}
