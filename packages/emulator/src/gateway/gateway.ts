import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "./api.ts";
import { hangUp } from "./disconnect.ts";
import { Handshake } from "./handshake.ts";
import { manageConnection } from "./management.ts";

/** The close reason when the gateway stops. */
const GOING_AWAY = { code: 1001, reason: "Going away" };

/** The longest time that the last `$disconnect` functions may take when the gateway stops. */
const FAREWELL_MILLISECONDS_MAX = 3_000;

/** SDK clients keep connections; a server that closes an idle one first makes their next request fail. */
const KEEP_ALIVE_MILLISECONDS = 120_000;

/** A server for a gateway. It answers requests only after `serve`. */
export const createGatewayServer = (): Server => createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS });

/** Serves WebSocket clients and `@connections` of an API. Returns the function that stops it. */
export function serve(api: Api, server: Server): () => Promise<void> {
  const handshake = new Handshake(api);
  server.on("request", (request, response) => {
    // A caller that aborts its request gets no response.
    onRequest(api, request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request, socket, head) => {
    handshake.onUpgrade(request, socket, head).catch(() => socket.destroy());
  });
  return async () => {
    for (const id of api.connections.keys()) void hangUp(api, id, GOING_AWAY);
    await Promise.race([api.settled(), sleep(FAREWELL_MILLISECONDS_MAX, undefined, { ref: false })]);
    handshake.terminate();
  };
}

/** A plain request to the stage requires an upgrade (HS-32); any other path is not found. */
async function onRequest(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (/\/(@|%40)connections\//.test(request.url ?? "")) return manageConnection(api, request, response);
  const isStage = request.url?.split(/[/?]/)[1] === api.stage.name;
  response.writeHead(isStage ? 426 : 403, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ message: isStage ? "Upgrade Required" : "Forbidden" }));
}
