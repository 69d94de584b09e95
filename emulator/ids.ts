import { randomBytes, randomUUID } from "node:crypto";

/** An id as API Gateway makes them, of connections, requests and messages: 11 bytes in URL-safe base64 (EV-10). */
export const newId = (): string => `${randomBytes(11).toString("base64url")}=`;

export const isId = (text: string): boolean => /^[\w-]{15}=$/.test(text);

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
export const newTraceId = (now: number): string => {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, "0")}-${randomBytes(12).toString("hex")}`;
};

export const newRequestId = (): string => randomUUID();
