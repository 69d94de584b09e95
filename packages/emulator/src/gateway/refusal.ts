import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { newId, newRequestId } from "../ids.ts";

/** How a handshake fails. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** In place of `{"message": …}`. */
  readonly body?: string;
}

export const FORBIDDEN: Refusal = { status: 403, message: "Forbidden" };

/** Refuses a handshake with an HTTP response, and closes the connection. */
export function refuse(socket: Duplex, { status, message, body = JSON.stringify({ message }) }: Refusal): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-amzn-RequestId: ${newRequestId()}`,
    `x-amz-apigw-id: ${newId()}`,
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
