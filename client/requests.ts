import type { Answer, Request, Unanswered } from "./frames.ts";
import { join, joinPrivate, leave } from "./join.ts";
import { takeName } from "./name.ts";
import type { Act } from "./outbox.ts";
import { askWithRetries } from "./retry.ts";
import { sendMessage } from "./send-message.ts";
import type { SessionState } from "./session-state.ts";

const UNSURE: Unanswered = {
  type: "unanswered",
  code: "connection-lost",
  detail: "The connection was lost before an answer came. The message may have been delivered and is not sent again.",
};

/** Returns the action that completes a request, over any number of connections. */
export function actionOf(state: SessionState, request: Request): Act<Answer | Unanswered> {
  const frame = { ...request, id: state.ports.newId() };
  switch (frame.message) {
    case "join":
      return (connection) => (frame.private ? joinPrivate : join)(state, connection, frame.channel);
    case "leave":
      return (connection) => leave(state, connection, frame.channel);
    case "name":
      return (connection) => takeName(state, connection, frame.data);
    case "sendmessage":
      return sendMessage(state, frame);
    case "direct":
      // The chat does not store direct messages, so it cannot recognize a repeat.
      return async (connection) => (await connection.ask(frame)) ?? UNSURE;
    default:
      return (connection) => askWithRetries(state.ports, connection, frame);
  }
}
