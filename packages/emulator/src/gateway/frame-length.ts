import type { CloseStatus } from "./events.ts";

/** Longest frame. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export const FRAME_BYTES_MAX = 32_768;

const FRAME_TOO_LONG: CloseStatus = {
  code: 1009,
  reason: `Max frame length of ${FRAME_BYTES_MAX} has been exceeded.`,
};

const INVALID_LENGTH: CloseStatus = { code: 1002, reason: "" };

/** Sizes of the mask and of the extended payload length. https://datatracker.ietf.org/doc/html/rfc6455#section-5.2 */
const MASK_BYTES = 4;
const EXTENSION_BYTES: Readonly<Record<number, number>> = { 126: 2, 127: 8 };
const HEADER_BYTES_MAX = 14;

/** The shortest payloads that need an extended length. */
const SHORTEST: Readonly<Record<number, bigint>> = { 126: 126n, 127: 65_536n };
const LENGTH_MAX = 2n ** 63n - 1n;

const CLOSE_OPCODE = 8;

/**
 * Checks the lengths of the frames in a stream, wherever its chunks begin and end. API Gateway limits each frame (rule
 * LM-01 in docs/api-gateway-rules.md), but ws emits only whole messages, and accepts lengths that are not encoded in the
 * minimal number of bytes. Returns a function that returns the close frame for the first invalid frame whose header ends
 * in a chunk.
 */
export function frameChecker(): (chunk: Buffer) => CloseStatus | undefined {
  const header = Buffer.alloc(HEADER_BYTES_MAX);
  let headerRead = 0;
  let payloadLeft = 0;

  const readHeaderByte = (byte: number): CloseStatus | undefined => {
    header[headerRead++] = byte;
    if (headerRead < 2 || headerRead < headerBytes(header)) return undefined;
    headerRead = 0;
    const length = payloadBytes(header);
    if (typeof length !== "number") return length;
    // Everything after a close frame is ignored.
    payloadLeft = isClose(header) ? Number.POSITIVE_INFINITY : length;
    return undefined;
  };

  return (chunk) => {
    let fault: CloseStatus | undefined;
    for (let at = 0; at < chunk.length && !fault; ) {
      if (payloadLeft === 0) fault = readHeaderByte(chunk[at++] as number);
      const skipped = Math.min(payloadLeft, chunk.length - at);
      payloadLeft -= skipped;
      at += skipped;
    }
    return fault;
  };
}

const isClose = (header: Buffer): boolean => ((header[0] as number) & 0x0f) === CLOSE_OPCODE;

function headerBytes(header: Buffer): number {
  const second = header[1] as number;
  const mask = second & 0x80 ? MASK_BYTES : 0;
  return 2 + (EXTENSION_BYTES[second & 0x7f] ?? 0) + mask;
}

/** The length of the payload, or the close frame for an invalid one. */
function payloadBytes(header: Buffer): number | CloseStatus {
  const length = (header[1] as number) & 0x7f;
  const extended = extendedLength(header, length);
  if (extended === undefined) return length;
  if (extended < (SHORTEST[length] ?? 0n) || extended > LENGTH_MAX) return INVALID_LENGTH;
  return extended > FRAME_BYTES_MAX ? FRAME_TOO_LONG : Number(extended);
}

function extendedLength(header: Buffer, length: number): bigint | undefined {
  if (length === 126) return BigInt(header.readUInt16BE(2));
  return length === 127 ? header.readBigUInt64BE(2) : undefined;
}
