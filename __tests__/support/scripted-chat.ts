import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { ClientFrame } from "@serverless-chat/client";
import { type WebSocket, WebSocketServer } from "ws";

/** A frame with the id that every frame of a session has. */
export type Identified = Exclude<ClientFrame, { message: "typing" }> & { readonly id: string };

/** What a test answers to a frame instead of the usual answer; undefined for the usual one. */
export type Script = (frame: Identified, socket: WebSocket) => readonly object[] | undefined;

/** A server that speaks the protocol as a test tells it to, for faults that the real chat does not produce on demand. */
export interface ScriptedChat {
  readonly url: string;
  /** What clients have sent, except `join` and `history`. */
  readonly frames: readonly Identified[];
  /** The subprotocols and the path of each handshake. */
  readonly handshakes: readonly { readonly offered: readonly string[]; readonly path: string }[];
  script: Script;
  /** The status of the next handshakes; undefined to accept them. */
  refuseWith: number | undefined;
  /** Sends a frame to every client. */
  push(frame: object): void;
  /** Closes every connection. */
  cut(code?: number): void;
  stop(): Promise<void>;
}

export async function startScriptedChat(): Promise<ScriptedChat> {
  const frames: Identified[] = [];
  const handshakes: { offered: string[]; path: string }[] = [];
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    verifyClient: ({ req }, respond) => {
      const offered = String(req.headers["sec-websocket-protocol"]).split(",");
      handshakes.push({ offered, path: String(req.url) });
      respond(chat.refuseWith === undefined, chat.refuseWith);
    },
  });
  await once(server, "listening");
  const chat: ScriptedChat = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/dev`,
    frames,
    handshakes,
    script: () => undefined,
    refuseWith: undefined,
    push(frame) {
      for (const socket of server.clients) socket.send(JSON.stringify(frame));
    },
    cut(code = 1001) {
      for (const socket of server.clients) socket.close(code);
    },
    async stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, "close");
    },
  };
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const frame: Identified = JSON.parse(String(data));
      if (frame.message !== "join" && frame.message !== "history") frames.push(frame);
      for (const answer of chat.script(frame, socket) ?? [usual(frame)]) socket.send(JSON.stringify(answer));
    });
  });
  return chat;
}

/** The `at` of every `join` acknowledgement. */
const JOINED_AT = "2026-01-01T12:00:00.001Z";

function usual(frame: Identified): object {
  const { message: request, id } = frame;
  if (request === "history") return { type: "history", id, channel: frame.channel, messages: [] };
  return { type: "ack", request, id, ...(request === "join" && { user: "guest-1", at: JOINED_AT }) };
}
