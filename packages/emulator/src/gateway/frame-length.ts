/** Longest frame. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export const FRAME_BYTES_MAX = 32_768;

/** Sizes of the mask and of the extended payload length. https://datatracker.ietf.org/doc/html/rfc6455#section-5.2 */
const MASK_BYTES = 4;
const EXTENSION_BYTES: Readonly<Record<number, number>> = { 126: 2, 127: 8 };
const HEADER_BYTES_MAX = 14;

/**
 * Measures the frames in a stream, wherever its chunks begin and end. API Gateway limits each frame (rule LM-01 in
 * docs/api-gateway-rules.md), but ws emits only whole messages. Returns a function that returns the length of the
 * longest frame whose header ends in a chunk, or 0.
 */
export function frameMeter(): (chunk: Buffer) => number {
  const header = Buffer.alloc(HEADER_BYTES_MAX);
  let headerRead = 0;
  let payloadLeft = 0;
  return (chunk) => {
    let longest = 0;
    let at = 0;
    while (at < chunk.length) {
      const skipped = Math.min(payloadLeft, chunk.length - at);
      payloadLeft -= skipped;
      at += skipped;
      if (at === chunk.length) break;
      header[headerRead++] = chunk[at++] as number;
      if (headerRead < 2 || headerRead < headerBytes(header)) continue;
      payloadLeft = payloadBytes(header);
      longest = Math.max(longest, payloadLeft);
      headerRead = 0;
    }
    return longest;
  };
}

function headerBytes(header: Buffer): number {
  const second = header[1] as number;
  const mask = second & 0x80 ? MASK_BYTES : 0;
  return 2 + (EXTENSION_BYTES[second & 0x7f] ?? 0) + mask;
}

function payloadBytes(header: Buffer): number {
  const length = (header[1] as number) & 0x7f;
  if (length === 126) return header.readUInt16BE(2);
  return length === 127 ? Number(header.readBigUInt64BE(2)) : length;
}
