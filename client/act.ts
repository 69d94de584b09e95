import type { Answer, Request, Unanswered } from "./frames.ts";
import { join, joinPrivate, leave } from "./join.ts";
import { takeName } from "./name.ts";
import type { Act } from "./outbox.ts";
import { persist } from "./persist.ts";
import { say } from "./say.ts";
import type { Standing } from "./standing.ts";

const UNSURE: Unanswered = {
  type: "unanswered",
  detail: "The connection was lost before an answer came. It may have arrived, and is not said again.",
};

/** What a request takes, over any number of connections. */
export function actOf(standing: Standing, request: Request): Act<Answer | Unanswered> {
  const frame = { ...request, id: standing.ports.newId() };
  switch (frame.message) {
    case "join":
      return (connection) => (frame.private ? joinPrivate : join)(standing, connection, frame.channel);
    case "leave":
      return (connection) => leave(standing, connection, frame.channel);
    case "name":
      return (connection) => takeName(standing, connection, frame.data);
    case "sendmessage":
      return say(standing, frame);
    case "direct":
      // The chat stores it nowhere, and so knows no repeat.
      return async (connection) => (await connection.ask(frame)) ?? UNSURE;
    default:
      return (connection) => persist(standing.ports, connection, frame);
  }
}
