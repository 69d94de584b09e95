import type { WebSocket } from "ws";
import type { Api } from "./api.ts";
import type { Connection } from "./connection.ts";
import { disconnect, hangUp } from "./disconnect.ts";
import type { Closing } from "./events.ts";
import { FRAME_BYTES_MAX, frameLengths } from "./frame-length.ts";
import { limitLifetime } from "./lifetime.ts";
import { onMessage } from "./messages.ts";

/** Longest message, assembled from its frames. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export const MESSAGE_BYTES_MAX = 131_072;

/** LM-05. https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html */
const BINARY: Closing = { code: 1003, reason: "" };

const FRAME_TOO_LONG: Closing = {
  code: 1009,
  reason: `Max frame length of ${FRAME_BYTES_MAX} has been exceeded.`,
};

/** What ws closes with by itself, at frames that break RFC 6455. */
const BROKEN_FRAME: Closing = { code: 1002, reason: "" };
const BROKEN_FRAMES: Readonly<Record<string, Closing>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: { code: 1009, reason: "" },
  WS_ERR_INVALID_UTF8: { code: 1007, reason: "" },
};

/** The client is connected: takes its frames, until either side closes. */
export function openSocket(api: Api, pending: Connection, socket: WebSocket): void {
  const connection = { ...pending, socket, lastActiveAt: api.now() };
  api.connections.set(connection.id, connection);
  const release = limitLifetime(api, connection);
  refuseLongFrames(socket, () => void hangUp(api, connection.id, FRAME_TOO_LONG));
  socket.on("message", (data, isBinary) => {
    if (isBinary) return void hangUp(api, connection.id, BINARY);
    void onMessage(api, connection, String(data));
  });
  socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
    if (code.startsWith("WS_ERR")) void disconnect(api, connection, BROKEN_FRAMES[code] ?? BROKEN_FRAME);
  });
  socket.on("close", (code, reason) => {
    release();
    void disconnect(api, connection, { code, reason: String(reason) });
  });
}

/** Trap: ws has no say over single frames, so their lengths are read off its stream, before it reads them itself. */
function refuseLongFrames(socket: WebSocket, refuse: () => void): void {
  const { _socket: stream } = socket as unknown as { readonly _socket: NodeJS.ReadableStream };
  const longestOf = frameLengths();
  const watch = (chunk: Buffer) => {
    if (longestOf(chunk) <= FRAME_BYTES_MAX) return;
    stream.off("data", watch);
    refuse();
  };
  stream.prependListener("data", watch);
}
