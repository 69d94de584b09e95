import type { IncomingMessage } from "node:http";

/** Longer bodies are discarded. The longest body that any of the services accepts is a Lambda payload of 6 MB. */
const BODY_BYTES_MAX = 8_388_608;

/** Reads the body of a request; undefined if it is longer than any service accepts. Rejects if the client aborts. */
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
