import type { JsonSchema } from "@valibot/to-json-schema";
import { dump } from "js-yaml";
import { SUBPROTOCOL } from "../../chat/protocol/subprotocol.ts";
import { client, server } from "./schema.ts";

/** The frames that answer a request. The others have only `ack` and `error`, and `typing` has no answer. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  sendmessage: ["ack", "error"],
  history: ["history", "error"],
  members: ["members", "error"],
  channels: ["channels", "error"],
  typing: [],
};

const answersTo = (route: string): readonly string[] => ANSWERS[route] ?? ["ack", "error"];

/** Both sides have a frame `typing`, for example, so the ids have the direction. */
const messageId = (direction: "client" | "server", name: string): string => `${direction}-${name}`;

const messageOf = (name: string, { description, ...payload }: JsonSchema): object => ({
  name,
  ...(description !== undefined && { summary: description }),
  contentType: "application/json",
  payload: { type: "object", ...payload },
});

const messagesOf = (direction: "client" | "server", frames: Readonly<Record<string, JsonSchema>>): object =>
  Object.fromEntries(
    Object.entries(frames).map(([name, schema]) => [messageId(direction, name), messageOf(name, schema)]),
  );

/** The description of a route continues the sentence "The chat …". */
const requests = Object.fromEntries(
  Object.entries(client).map(([route, schema]) => [
    route,
    { ...schema, description: `The chat ${schema.description}.` },
  ]),
);

const CHANNEL = "#/channels/chat";
const reference = (direction: "client" | "server", name: string): object => ({
  $ref: `${CHANNEL}/messages/${messageId(direction, name)}`,
});

/** A frame that the chat receives, and its answers. */
const receiving = (route: string): readonly [string, object] => {
  const answers = answersTo(route);
  const reply = { channel: { $ref: CHANNEL }, messages: answers.map((name) => reference("server", name)) };
  const operation = {
    action: "receive",
    channel: { $ref: CHANNEL },
    summary: requests[route]?.description,
    messages: [reference("client", route)],
    ...(answers.length > 0 && { reply }),
  };
  return [`receive-${route}`, operation];
};

/** A frame that the chat sends and that does not answer a request. */
const sending = (type: string): readonly [string, object] => [
  `send-${type}`,
  {
    action: "send",
    channel: { $ref: CHANNEL },
    summary: server[type]?.description ?? "",
    messages: [reference("server", type)],
  },
];

const pushes = Object.keys(server).filter((type) => !Object.keys(client).flatMap(answersTo).includes(type));

/** The protocol as an AsyncAPI document, from the chat's point of view. https://www.asyncapi.com/docs/reference/specification/v3.1.0 */
const document = {
  asyncapi: "3.1.0",
  info: {
    title: "serverless-chat",
    version: SUBPROTOCOL,
    description: `A chat over WebSockets. Offer the subprotocol \`${SUBPROTOCOL}\`. docs/protocol.md describes the order of frames, errors and limits.`,
    license: { name: "MIT" },
  },
  defaultContentType: "application/json",
  servers: {
    aws: {
      host: "{api}.execute-api.{region}.amazonaws.com",
      protocol: "wss",
      description: "A deployed chat. The output websocket_url has its URL.",
      variables: {
        api: { description: "The id of the WebSocket API.", examples: ["a1b2c3"] },
        region: { description: "The AWS region.", examples: ["eu-west-2"] },
      },
    },
    local: { host: "127.0.0.1:3001", protocol: "ws", description: "The chat of npm start." },
  },
  channels: {
    chat: {
      address: "/{stage}",
      title: "The connection of a client",
      parameters: { stage: { description: "The stage of the API, such as dev." } },
      messages: { ...messagesOf("client", requests), ...messagesOf("server", server) },
    },
  },
  operations: Object.fromEntries([...Object.keys(client).map(receiving), ...pushes.map(sending)]),
};

export const asyncApi = `# Generated from chat/protocol by npm run docs.\n${dump(document, { noRefs: true, lineWidth: 120 })}`;
