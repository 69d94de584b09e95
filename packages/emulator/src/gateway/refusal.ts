import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { DeniedRequest } from "../iam/guard.ts";
import { newId, newRequestId } from "../ids.ts";

/** The response to a handshake that fails. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** Replaces `{"message": …}`. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const FORBIDDEN: Refusal = { status: 403, message: "Forbidden" };

/** Refuses a handshake with an HTTP response, and closes the connection. */
export function refuse(socket: Duplex, { status, message, headers = {}, ...own }: Refusal): void {
  const body = own.body ?? JSON.stringify({ message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-amzn-RequestId: ${newRequestId()}`,
    `x-amz-apigw-id: ${newId()}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * The body of API Gateway's response to an invalid signature or a missing permission (rules MG-23 to MG-25 in
 * docs/api-gateway-rules.md). It masks the account and the connection id, and omits which kind of policy denied the
 * request.
 */
export function denialBody({ message, access }: DeniedRequest): string {
  if (!access) return JSON.stringify({ message });
  const [sentence] = message.split(" because ")[0]?.split(" with an explicit ") ?? [];
  const masked = sentence
    ?.replace(/(on resource: arn:aws[\w-]*:execute-api:[^:]*:)\d{8}/, "$1********")
    .replace(/@connections\/.*$/s, "@connections/{connectionId}");
  return JSON.stringify({ Message: masked });
}
