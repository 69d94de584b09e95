import { randomFillSync, randomUUID } from "node:crypto";

const POOL_BYTES = 8_192;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes as text. They come from a pool, because each call of the random number generator costs microseconds. */
function randomText(bytes: number, encoding: "hex" | "base64url"): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
}

/**
 * The id of a connection, request or message: 11 bytes in URL-safe base64 (rule EV-10 in docs/api-gateway-rules.md).
 */
export const newId = (): string => `${randomText(11, "base64url")}=`;

export const isId = (text: string): boolean => /^[\w-]{15}=$/.test(text);

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
export const newTraceId = (now: number): string => {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, "0")}-${randomText(12, "hex")}`;
};

export const newSpanId = (): string => randomText(8, "hex");

export const newRequestId = (): string => randomUUID();

/** The name of a log stream of Lambda: date, version, environment. */
export const newLogStreamName = (): string => {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${randomText(16, "hex")}`;
};
