import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";

/** A client, from the moment its handshake is evaluated. */
export interface Connection {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  /** Of the handshake, for the connection's whole life; many clients send none. */
  readonly userAgent: string | undefined;
  /** The host that the client asked for. */
  readonly domainName: string;
  /** What the authorizer said, for the connection's whole life (AU-12). */
  readonly authorizer?: Readonly<Record<string, string | number>>;
  /** Who signed the handshake, where the route asks for that. */
  readonly identity?: Readonly<Record<string, string>>;
}

/** A client whose handshake is done: frames go both ways, and it can be posted to. */
export interface OpenConnection extends Connection {
  readonly socket: WebSocket;
  /** Epoch milliseconds of the last message in either direction. */
  lastActiveAt: number;
}

/** What may wait for a client that does not read. AWS publishes no figure; this is eight of the longest messages. */
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

export const isFull = ({ socket }: OpenConnection): boolean => socket.bufferedAmount > BUFFERED_BYTES_MAX;

/** Sends one text frame. A client that reads nothing is not read from either, until it has caught up. */
export function send(connection: OpenConnection, frame: string, now: number): void {
  const { socket } = connection;
  connection.lastActiveAt = now;
  socket.send(frame, () => {
    if (socket.isPaused && !isFull(connection)) socket.resume();
  });
  if (isFull(connection)) socket.pause();
}
