/* Runs dynalite in a thread of its own, so that a large query does not hold up the gateway's frames. */
import type { IncomingMessage, RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { parentPort, workerData } from "node:worker_threads";

/** What the thread is started with. */
export interface DynaliteData {
  readonly moduleUrl: string;
  /** In memory without it. */
  readonly path: string | undefined;
}

const { moduleUrl, path } = workerData as DynaliteData;
const { default: dynalite }: typeof import("dynalite") = await import(moduleUrl);
const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) });

// dynalite throws when a request breaks off, as a function's does when its time is up: it gets them whole.
const [answer] = server.listeners("request") as RequestListener[];
server.removeAllListeners("request");
server.on("request", (request, response) => {
  buffer(request).then(
    (body) => answer?.(replay(request, body), response),
    () => response.destroy(),
  );
});

const replay = ({ method, url, headers }: IncomingMessage, body: Buffer): IncomingMessage =>
  Object.assign(Readable.from([body]), { method, url, headers }) as IncomingMessage;

parentPort?.once("message", () => {
  server.closeAllConnections();
  server.close(() => process.exit());
});

server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));
