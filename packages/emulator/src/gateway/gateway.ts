import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { answerFailure } from "../http-server.ts";
import type { Api } from "./api.ts";
import { closeConnection } from "./disconnect.ts";
import { HandshakeServer } from "./handshake.ts";
import { manageConnection } from "./management.ts";
import { GOING_AWAY } from "./socket.ts";

/** When the gateway stops, `$disconnect` functions that are still running after this time are abandoned. */
const SHUTDOWN_MILLISECONDS_MAX = 3_000;

/** SDK clients reuse connections. If the server closes an idle connection first, the client's next request fails. */
const KEEP_ALIVE_MILLISECONDS = 120_000;

/** A server for a gateway. It answers requests only after `serve`. */
export const createGatewayServer = (): Server => createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS });

/**
 * Serves WebSocket clients and `@connections` of an API. `serveElsewhere` answers requests outside the stage. Returns the
 * function that stops it.
 */
export function serve(api: Api, server: Server, serveElsewhere: RequestListener): () => Promise<void> {
  const handshakes = new HandshakeServer(api);
  server.on("request", (request, response) => {
    if (!isOfApi(api, request)) return void serveElsewhere(request, response);
    void answerTo(api, request, response);
  });
  server.on("upgrade", async (request, socket, head) => {
    const succeeded = await api.contain("answer a handshake", () => handshakes.onUpgrade(request, socket, head));
    if (!succeeded) socket.destroy();
  });
  return async () => {
    for (const id of api.connections.keys()) {
      void api.contain("close a connection", () => closeConnection(api, id, GOING_AWAY));
    }
    await Promise.race([api.idle(), sleep(SHUTDOWN_MILLISECONDS_MAX, undefined, { ref: false })]);
    handshakes.terminate();
  };
}

const isManagement = ({ url = "" }: IncomingMessage): boolean => /\/(@|%40)connections\//.test(url);

const isOfApi = ({ stage }: Api, request: IncomingMessage): boolean =>
  isManagement(request) || request.url?.split(/[/?]/)[1] === stage.name;

async function answerTo(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const succeeded = await api.contain("answer a request", () =>
    onRequest(api, request, response).catch((fault) => {
      // A caller that aborts its request gets no response.
      if (request.complete) throw fault;
    }),
  );
  if (!succeeded) answerFailure(response);
  else if (!response.writableEnded) response.destroy();
}

/** A plain HTTP request receives 426 at the address of the stage (rule HS-32 in docs/api-gateway-rules.md). */
async function onRequest(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isManagement(request)) return manageConnection(api, request, response);
  answer(response, 426, "Upgrade Required");
}

/** API Gateway answers 403 outside the stage (HS-32). */
export const forbid: RequestListener = (_request, response) => answer(response, 403, "Forbidden");

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ message }));
}
