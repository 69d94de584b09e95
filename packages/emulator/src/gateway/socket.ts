import type { WebSocket } from "ws";
import type { Api } from "./api.ts";
import { type Connection, type OpenConnection, summaryOf } from "./connection.ts";
import { closeConnection, removeConnection } from "./disconnect.ts";
import type { CloseStatus } from "./events.ts";
import { frameChecker } from "./frame-length.ts";
import { onMessage } from "./messages.ts";

/*
 * Limits of a connection:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */

/** Longest message, assembled from its frames. */
export const MESSAGE_BYTES_MAX = 131_072;
const IDLE_MILLISECONDS_MAX = 10 * 60_000;
const CONNECTION_MILLISECONDS_MAX = 2 * 60 * 60_000;

/**
 * The close frame after the idle timeout (rule LM-06 in docs/api-gateway-rules.md), after the maximum duration (LM-08),
 * and when the gateway stops.
 */
export const GOING_AWAY: CloseStatus = { code: 1001, reason: "Going away" };

/** LM-05. https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html */
const BINARY_FRAME: CloseStatus = { code: 1003, reason: "" };

/** The close codes that ws itself sends for frames that violate RFC 6455. */
const PROTOCOL_ERROR: CloseStatus = { code: 1002, reason: "" };
const PROTOCOL_ERRORS: Readonly<Record<string, CloseStatus>> = {
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: { code: 1009, reason: "" },
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: { code: 1009, reason: "" },
  WS_ERR_INVALID_UTF8: { code: 1007, reason: "" },
  WS_ERR_TOO_MANY_BUFFERED_PARTS: { code: 1008, reason: "" },
};

/** Registers the connection and processes its frames until either side closes it. */
export function openSocket(api: Api, pending: Connection, socket: WebSocket): void {
  const connection = { ...pending, socket, lastActiveAt: api.now() };
  api.connections.set(connection.id, connection);
  api.observe?.({ kind: "opened", ...summaryOf(connection) });
  const cancelTimeouts = limitLifetime(api, connection);
  const close = (status: CloseStatus) =>
    void api.contain("close a connection", () => closeConnection(api, connection.id, status));
  const remove = (status: CloseStatus) =>
    void api.contain("run $disconnect", () => removeConnection(api, connection, status));
  refuseInvalidLengths(socket, close);
  socket.on("message", (data, isBinary) => {
    if (isBinary) return close(BINARY_FRAME);
    const body = String(data);
    void api.contain("process a frame", () => onMessage(api, connection, body));
  });
  socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
    if (code.startsWith("WS_ERR")) remove(PROTOCOL_ERRORS[code] ?? PROTOCOL_ERROR);
  });
  socket.on("close", (code, reason) => {
    cancelTimeouts();
    remove({ code, reason: String(reason) });
  });
}

/** Trap: ws does not report single frames. This listener reads the stream before ws does, to check each frame. */
function refuseInvalidLengths(socket: WebSocket, refuse: (status: CloseStatus) => void): void {
  const { _socket: stream } = socket as unknown as { readonly _socket: NodeJS.ReadableStream };
  const faultIn = frameChecker();
  const check = (chunk: Buffer) => {
    const fault = faultIn(chunk);
    if (!fault) return;
    stream.off("data", check);
    refuse(fault);
  };
  stream.prependListener("data", check);
}

/**
 * Closes a connection after 10 minutes without a message, and after 2 hours in any case. Messages in either direction
 * restart the idle timeout; pings do not (LM-07). Returns the function that cancels both timeouts.
 */
export function limitLifetime(api: Api, connection: OpenConnection): () => void {
  const close = () => void api.contain("close a connection", () => closeConnection(api, connection.id, GOING_AWAY));
  const cancelMaximum = api.clock.after(CONNECTION_MILLISECONDS_MAX, close);
  let cancelIdle: () => void;
  const checkIdleAfter = (milliseconds: number) => {
    cancelIdle = api.clock.after(milliseconds, () => {
      const left = connection.lastActiveAt + IDLE_MILLISECONDS_MAX - api.now();
      if (left <= 0) close();
      else checkIdleAfter(left);
    });
  };
  checkIdleAfter(IDLE_MILLISECONDS_MAX);
  return () => {
    cancelMaximum();
    cancelIdle();
  };
}
