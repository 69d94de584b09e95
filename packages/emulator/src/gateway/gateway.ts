import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, closeConnection } from "./api.ts";
import { HandshakeServer } from "./handshake.ts";
import { manageConnection } from "./management.ts";
import { GOING_AWAY } from "./socket.ts";

/** When the gateway stops, `$disconnect` functions that are still running after this time are abandoned. */
const SHUTDOWN_MILLISECONDS_MAX = 3_000;

/** SDK clients reuse connections. If the server closes an idle connection first, the client's next request fails. */
const KEEP_ALIVE_MILLISECONDS = 120_000;

/** A server for a gateway. It answers requests only after `serve`. */
export const createGatewayServer = (): Server => createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS });

/** Serves WebSocket clients and `@connections` of an API. Returns the function that stops it. */
export function serve(api: Api, server: Server): () => Promise<void> {
  const handshakes = new HandshakeServer(api);
  server.on("request", (request, response) => {
    // A caller that aborts its request gets no response.
    onRequest(api, request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request, socket, head) => {
    handshakes.onUpgrade(request, socket, head).catch(() => socket.destroy());
  });
  return async () => {
    for (const id of api.connections.keys()) void closeConnection(api, id, GOING_AWAY);
    await Promise.race([api.idle(), sleep(SHUTDOWN_MILLISECONDS_MAX, undefined, { ref: false })]);
    handshakes.terminate();
  };
}

/** A plain HTTP request receives 426 at the address of the stage (HS-32), and 403 elsewhere. */
async function onRequest(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (/\/(@|%40)connections\//.test(request.url ?? "")) return manageConnection(api, request, response);
  const isStage = request.url?.split(/[/?]/)[1] === api.stage.name;
  response.writeHead(isStage ? 426 : 403, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ message: isStage ? "Upgrade Required" : "Forbidden" }));
}
