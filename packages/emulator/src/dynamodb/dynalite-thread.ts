/* Runs dynalite in a thread of its own, so that a large query does not hold up the gateway's frames. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import { readBody } from "../body.ts";
import { createDynamodbGuard, type GuardData } from "./guard.ts";

/** What the thread is started with. */
export interface DynaliteData {
  readonly guardData: GuardData;
  /** In memory without it. */
  readonly path: string | undefined;
}

/** What it tells: first where it listens, then what it refuses. */
export type DynaliteMessage = { readonly port: number } | { readonly report: string };

const { guardData, path } = workerData as DynaliteData;
const post = (message: DynaliteMessage): void => parentPort?.postMessage(message);
const refusalOf = createDynamodbGuard(guardData, (report) => post({ report }));
const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) });

// dynalite throws when a request breaks off, as a function's does when its time is up: it gets them whole.
const [dynaliteAnswers] = server.listeners("request") as RequestListener[];
server.removeAllListeners("request");
server.on("request", (request, response) => {
  answer(request, response).catch(() => response.destroy());
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  const refusal = refusalOf({ headers: request.headers, body });
  if (!refusal) return dynaliteAnswers?.(replay(request, body), response as Parameters<RequestListener>[1]);
  response.writeHead(400, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(refusal));
}

const replay = ({ method, url, headers }: IncomingMessage, body: Buffer): IncomingMessage =>
  Object.assign(Readable.from([body]), { method, url, headers }) as IncomingMessage;

parentPort?.once("message", () => {
  server.closeAllConnections();
  server.close(() => process.exit());
});

server.listen(0, "127.0.0.1", () => post({ port: (server.address() as AddressInfo).port }));
