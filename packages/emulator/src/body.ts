import type { IncomingMessage } from "node:http";

/** Beyond this a body is not kept, whoever sends it. The longest that any service takes is 6 MB, an event of Lambda's. */
const BODY_BYTES_MAX = 8_388_608;

/** Reads a request's body; undefined when it is longer than any service takes. Rejects when the caller breaks off. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) chunks.push(chunk);
    else chunks.length = 0;
  }
  return length <= BODY_BYTES_MAX ? Buffer.concat(chunks) : undefined;
}
