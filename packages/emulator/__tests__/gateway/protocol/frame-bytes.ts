/** First bytes of frames: the FIN bit and the opcode. https://datatracker.ietf.org/doc/html/rfc6455#section-5.2 */
export const FIN = 0x80;
export const RSV1 = 0x40;
export const RSV2 = 0x20;
export const RSV3 = 0x10;
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** A frame, which may violate RFC 6455. */
export interface RawFrame {
  /** The FIN bit, the reserved bits and the opcode. */
  readonly first: number;
  readonly payload: Buffer;
  /** Bits of the length, if they are not the minimum. */
  readonly lengthBits?: 16 | 64;
  /** The length in the header, if it is not that of the payload. */
  readonly claims?: bigint;
  /** Default: any four bytes. */
  readonly mask?: readonly number[];
  /** Whether the frame has the wrong mask bit for its sender. */
  readonly hasWrongMask?: true;
}

type Payload = string | readonly number[];

export const frame = (
  first: number,
  payload: Payload = "",
  more: Omit<RawFrame, "first" | "payload"> = {},
): RawFrame => ({
  first,
  payload: typeof payload === "string" ? Buffer.from(payload) : Buffer.from(payload),
  ...more,
});

export const text = (payload: Payload): RawFrame => frame(FIN | TEXT, payload);

/** A close frame with a code. */
export const close = (code: number, reason: Payload = ""): RawFrame =>
  frame(FIN | CLOSE, [code >> 8, code & 0xff, ...Buffer.from(reason as string)]);

/** The bytes of a frame, as a client or a server sends it: a client masks its frames. */
export function bytesOf(raw: RawFrame, sender: "client" | "server"): Buffer {
  const { first, payload, mask = [0x37, 0xfa, 0x21, 0x3d], hasWrongMask = false } = raw;
  const isMasked = (sender === "client") !== hasWrongMask;
  const [second, ...extended] = lengthOf(raw);
  const head = Buffer.from([first, (isMasked ? 0x80 : 0) | (second as number), ...extended]);
  if (!isMasked) return Buffer.concat([head, payload]);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] as number));
  return Buffer.concat([head, Buffer.from(mask), masked]);
}

function lengthOf({ payload, lengthBits, claims = BigInt(payload.length) }: RawFrame): number[] {
  const minimum = claims < 126n ? 7 : claims < 65_536n ? 16 : 64;
  const bits = lengthBits ?? minimum;
  if (bits === 7) return [Number(claims)];
  const extended = Buffer.alloc(8);
  extended.writeBigUInt64BE(claims);
  return bits === 16 ? [126, ...extended.subarray(6)] : [127, ...extended];
}

const NAMES: Readonly<Record<number, string>> = { [TEXT]: "text", [BINARY]: "binary", [PING]: "ping", [PONG]: "pong" };

/** Payloads longer than this are shown by their length. */
const SHOWN_BYTES_MAX = 130;

/** Describes a complete frame that has no reserved bits, such as `text hello` or `close 1002`. */
export function shown(first: number, payload: Buffer): string {
  if ((first & 0x0f) === CLOSE) {
    return payload.length === 0 ? "close" : `close ${payload.readUInt16BE()} ${payload.subarray(2)}`.trimEnd();
  }
  const name = NAMES[first & 0x0f] ?? `opcode ${first & 0x0f}`;
  return payload.length > SHOWN_BYTES_MAX ? `${name} of ${payload.length} bytes` : `${name} ${payload}`.trimEnd();
}

/** Reads frames from a stream of bytes. Returns a function that returns the frames that end in a chunk. */
export function frameReader(): (chunk: Buffer) => string[] {
  let bytes = Buffer.alloc(0);
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    const frames: string[] = [];
    for (let next = firstIn(bytes); next; next = firstIn(bytes)) {
      frames.push(next.frame);
      bytes = bytes.subarray(next.end);
    }
    return frames;
  };
}

function firstIn(bytes: Buffer): { readonly frame: string; readonly end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = bytes as unknown as [number, number];
  const short = second & 0x7f;
  const lengthEnd = { 126: 4, 127: 10 }[short] ?? 2;
  const start = lengthEnd + (second & 0x80 ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length = lengthIn(bytes, short);
  const end = start + length;
  if (bytes.length < end) return undefined;
  const mask = bytes.subarray(lengthEnd, start);
  const payload = bytes.subarray(start, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { frame: shown(first, Buffer.from(payload)), end };
}

function lengthIn(bytes: Buffer, short: number): number {
  if (short === 126) return bytes.readUInt16BE(2);
  return short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
}
