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
}

/** A client whose handshake is done: frames go both ways, and it can be posted to. */
export interface OpenConnection extends Connection {
  readonly socket: WebSocket;
  /** Epoch milliseconds of the last message in either direction. */
  lastActiveAt: number;
}

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

/** Sends one text frame. */
export function send(connection: OpenConnection, frame: string, now: number): void {
  connection.lastActiveAt = now;
  connection.socket.send(frame);
}
