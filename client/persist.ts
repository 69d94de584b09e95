import type { Code } from "../chat/codes.ts";
import { backOff } from "./back-off.ts";
import type { Connection } from "./connection.ts";
import type { Answer, Identified } from "./frames.ts";
import { type Ports, pause } from "./ports.ts";

/** About a minute and a half of trying. */
const TRIES_MAX = 8;

/** Milliseconds at least before asking again, by what is over by then. */
const WAITS: { readonly [Of in Code]?: number } = { internal: 0, "too-many-messages": 1_000 };

/**
 * Asks again, with the same id, while the chat has a fault or is too busy. Undefined when the connection was lost. Only
 * for what may be done twice.
 */
export async function persist(
  ports: Pick<Ports, "after" | "random">,
  connection: Pick<Connection, "ask">,
  frame: Identified,
): Promise<Answer | undefined> {
  for (let tries = 1; ; tries++) {
    const answer = await connection.ask(frame);
    if (answer?.type !== "error") return answer;
    const wait = WAITS[answer.code];
    if (wait === undefined || tries === TRIES_MAX) return answer;
    await pause(ports, wait + backOff(tries - 1, ports.random));
  }
}

/** Whether the chat has a fault that lasts. The connection is dropped then: the next may fare better. */
export function isBroken(connection: Pick<Connection, "drop">, answer: Answer | undefined): boolean {
  const isFault = answer?.type === "error" && answer.code === "internal";
  if (isFault) connection.drop(`the chat has a fault: ${answer.detail}`);
  return isFault;
}
