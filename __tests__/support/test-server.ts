import { createServer, type RequestListener } from "node:http";
import { close, LOOPBACK, listen } from "@serverless-chat/emulator/http-server";

/** A server whose responses a test defines. */
export interface TestServer {
  readonly url: string;
  respond: RequestListener;
  /** The number of requests so far. */
  connections: number;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => testServer.respond(request, response));
  });
  const testServer: TestServer = {
    url: `http://${LOOPBACK}:${await listen(server, 0)}`,
    respond: (_, response) => response.end(),
    connections: 0,
    stop: () => close(server),
  };
  server.on("connection", () => {
    testServer.connections += 1;
  });
  return testServer;
}
