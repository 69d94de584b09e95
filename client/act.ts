import type { Answer, Request, Unanswered } from "./frames.ts";
import { join, joinPrivate, leave } from "./join.ts";
import { takeName } from "./name.ts";
import type { Act } from "./outbox.ts";
import { persist } from "./persist.ts";
import { say } from "./say.ts";
import type { Standing } from "./standing.ts";

const UNSURE: Unanswered = {
  type: "unanswered",
  code: "connection-lost",
  detail: "The connection was lost before an answer came. The message may have been delivered and is not sent again.",
};

/** Sends a request and what belongs to it, over any number of connections. */
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
      // The chat does not store direct messages, so it cannot recognize a repeat.
      return async (connection) => (await connection.ask(frame)) ?? UNSURE;
    default:
      return (connection) => persist(standing.ports, connection, frame);
  }
}
