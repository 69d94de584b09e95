import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { ConnectionSummary } from "../inspector/events.ts";

/** A client connection, from the start of its handshake. */
export interface Connection {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  /** From the handshake. Many clients send none. */
  readonly userAgent: string | undefined;
  /** The host in the handshake. */
  readonly domainName: string;
  /** The authorizer's context, which every later event contains (rule AU-12 in docs/api-gateway-rules.md). */
  readonly authorizer?: Readonly<Record<string, string | number>>;
  /** The principal that signed the handshake, if the route has `AWS_IAM` authorization. */
  readonly identity?: Readonly<Record<string, string>>;
}

/** A connection whose handshake succeeded. */
export interface OpenConnection extends Connection {
  readonly socket: WebSocket;
  /** Epoch milliseconds of the last message in either direction. */
  lastActiveAt: number;
}

/** Limit of the data that waits for a client to read: eight messages of maximum length. AWS documents no limit. */
const BUFFERED_BYTES_MAX = 1_048_576;

export const connectionOf = (
  { headers, socket }: IncomingMessage,
  { id, connectedAt }: Pick<Connection, "id" | "connectedAt">,
): Connection => ({
  id,
  connectedAt,
  sourceIp: (socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
  userAgent: headers["user-agent"],
  domainName: headers.host ?? "",
});

/** What observers see of a connection. */
export const summaryOf = ({
  id,
  connectedAt,
  sourceIp,
  userAgent,
  identity,
  authorizer,
}: Connection): ConnectionSummary => ({
  connectionId: id,
  connectedAt,
  sourceIp,
  userAgent,
  identity,
  authorizer,
});

export const isFull = ({ socket }: OpenConnection): boolean => socket.bufferedAmount > BUFFERED_BYTES_MAX;

/** More than this is not held back, so that no client waits for a system call that carries a lot. */
const HELD_BACK_BYTES_MAX = 65_536;

/** Sends one text frame. While a client does not read its frames, the gateway does not read from the client either. */
export function send(connection: OpenConnection, frame: string, now: number): void {
  const { socket } = connection;
  connection.lastActiveAt = now;
  holdBack(connection);
  socket.send(frame, () => {
    if (socket.isPaused && !isFull(connection)) socket.resume();
  });
  if (isFull(connection)) socket.pause();
}

/** Writes the frames of one turn of the event loop with one system call, which costs more than the rest of `send`. */
function holdBack({ socket }: OpenConnection): void {
  const { _socket: stream } = socket as unknown as { readonly _socket: Socket };
  if (stream.writableCorked === 0) {
    stream.cork();
    setImmediate(() => stream.uncork());
  } else if (stream.writableLength > HELD_BACK_BYTES_MAX) {
    stream.uncork();
    stream.cork();
  }
}
