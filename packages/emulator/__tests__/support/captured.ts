import { createServer } from "node:http";
import { close, LOOPBACK, listen, readBody } from "../../src/http-server.ts";
import type { SignedRequest } from "../../src/iam/signature.ts";

/** The request that a client really sends. `send` receives the address of the server. */
export async function captured(send: (endpoint: string) => Promise<unknown>): Promise<SignedRequest> {
  const requests: SignedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    requests.push({ method, path: url, headers, body: (await readBody(request)) ?? "" });
    response.end("{}");
  });
  const port = await listen(server, 0);
  try {
    await send(`http://${LOOPBACK}:${port}`);
  } finally {
    await close(server);
  }
  const [request] = requests;
  if (request) return request;
  throw new Error("The client sent nothing.");
}
