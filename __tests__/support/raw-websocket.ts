import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";

/** How a handshake ended, byte by byte. The socket is there only after a 101. */
export interface Handshake {
  readonly status: number;
  /** Each header as it came, in its order: a name may be there twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly socket: Duplex | undefined;
}

export interface RawFrame {
  readonly opcode: number;
  readonly payload?: Uint8Array | string;
  /** False when more fragments follow. */
  readonly isFinal?: boolean;
  /** RFC 6455 requires every client to mask its frames. */
  readonly isMasked?: boolean;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface HandshakeOptions {
  readonly headers?: http.OutgoingHttpHeaders;
  /** Cuts the connection off. */
  readonly signal?: AbortSignal;
}

/** Requests an upgrade with these headers and those of RFC 6455 only. The path is sent unchanged. */
export async function shakeHands(url: string, { headers, signal }: HandshakeOptions = {}): Promise<Handshake> {
  const { protocol, hostname, port, host } = new URL(url);
  const { request } = protocol === "wss:" ? https : http;
  const outgoing = request({
    ...{ hostname, port, path: url.slice(url.indexOf(host) + host.length), ...(signal && { signal }) },
    headers: {
      ...{ Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      ...headers,
    },
  }).end();
  return Promise.race([upgraded(outgoing), refused(outgoing)]);
}

async function upgraded(outgoing: http.ClientRequest): Promise<Handshake> {
  const [{ statusCode, rawHeaders }, socket, head] = await once(outgoing, "upgrade");
  // Frames may come along with the 101.
  socket.unshift(head);
  return { status: statusCode, headers: pairsOf(rawHeaders), body: "", socket };
}

async function refused(outgoing: http.ClientRequest): Promise<Handshake> {
  const [response] = await once(outgoing, "response");
  const { statusCode, rawHeaders } = response;
  return { status: statusCode, headers: pairsOf(rawHeaders), body: String(await buffer(response)), socket: undefined };
}

const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as [string, string]] : []));

/** The bytes of a frame. https://datatracker.ietf.org/doc/html/rfc6455#section-5.2 */
export function frame({ opcode, payload = "", isFinal = true, isMasked = true }: RawFrame): Buffer {
  const data = Buffer.from(payload as string);
  const head = Buffer.from([(isFinal ? 0x80 : 0) | opcode, ...lengthOf(data.length)]);
  if (!isMasked) return Buffer.concat([head, data]);
  head[1] = (head[1] as number) | 0x80;
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, data.map((byte, index) => byte ^ (mask[index % 4] as number))]);
}

function lengthOf(bytes: number): number[] {
  if (bytes < 126) return [bytes];
  if (bytes < 65_536) return [126, bytes >> 8, bytes & 0xff];
  return [127, 0, 0, 0, 0, bytes >>> 24, (bytes >> 16) & 0xff, (bytes >> 8) & 0xff, bytes & 0xff];
}

/** The frames of the other side, which does not mask them. */
export async function* framesOf(socket: Duplex): AsyncGenerator<{ opcode: number; payload: Buffer }> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk]);
    for (let end = endOf(bytes); end <= bytes.length; end = endOf(bytes)) {
      yield { opcode: (bytes[0] as number) & 0x0f, payload: bytes.subarray(headOf(bytes), end) };
      bytes = bytes.subarray(end);
    }
  }
}

const headOf = (bytes: Buffer): number => ({ 126: 4, 127: 10 })[bytes[1] as number] ?? 2;

/** The end of the first frame. Infinity while its header is incomplete. */
function endOf(bytes: Buffer): number {
  if (bytes.length < 2 || bytes.length < headOf(bytes)) return Number.POSITIVE_INFINITY;
  const length = bytes[1] as number;
  if (length < 126) return 2 + length;
  return length === 126 ? 4 + bytes.readUInt16BE(2) : 10 + Number(bytes.readBigUInt64BE(2));
}
