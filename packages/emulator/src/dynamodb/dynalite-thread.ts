/* Runs dynalite in a separate thread, so that a large query does not delay frames. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import { closeSilentConnections, refuseOtherSites } from "../callers.ts";
import { EmulatedTime } from "../emulated-time.ts";
import { readBody } from "../http-server.ts";
import type { Denial } from "../inspector/events.ts";
import { allowsNames, dynamodbNames } from "../lambda/public-hosts.ts";
import { correctDynalite } from "./dynalite-corrections.ts";
import { limitExpressions } from "./dynalite-expressions.ts";
import { answerWithoutDynalite, operationOf, refuseOperation, withTableName } from "./dynalite-requests.ts";
import { createDynamodbGuard, type DynamodbError, type GuardData } from "./guard.ts";
import { RequestBoundary } from "./thread-faults.ts";

/** The input of the thread. */
export interface DynaliteData {
  readonly guardData: GuardData;
  /** The folder of the store; in memory if undefined. */
  readonly path: string | undefined;
  /** The memory of `EmulatedTime`. */
  readonly time: SharedArrayBuffer;
}

/**
 * The messages of the thread: first its port, then a report about each rejected request, and the confirmation of each
 * `authorizeBy`.
 */
export type DynaliteMessage =
  | { readonly port: number }
  | { readonly report: string; readonly denial?: Denial | undefined }
  | { readonly authorized: true };

/** The messages to the thread. */
export type DynaliteCommand = "stop" | { readonly authorizeBy: GuardData };

const { guardData, path, time: timeBuffer } = workerData as DynaliteData;
const time = new EmulatedTime(timeBuffer);
const post = (message: DynaliteMessage): void => parentPort?.postMessage(message);
const guardBy = (data: GuardData) => createDynamodbGuard(data, (report, denial) => post({ report, denial }), time);
let refusalOf = guardBy(guardData);
const boundary = new RequestBoundary((report) => post({ report }));
correctDynalite();
limitExpressions();
const server = dynalite({ createTableMs: 0, ...(path !== undefined && { path }) });

// dynalite throws if a request is aborted, for example by a function that times out. It therefore gets complete requests.
const [dynaliteAnswers] = server.listeners("request") as RequestListener[];
server.removeAllListeners("request");
server.on("request", (request, response) => {
  boundary.run(response, () => answer(request, response));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  const target = request.headers["x-amz-target"];
  const operation = operationOf(target);
  // A request without an operation is a health check, or opens a connection early. dynalite answers it.
  const refusal =
    refusalOf({ headers: request.headers, body }) ?? (target === undefined ? undefined : refuse(operation));
  if (refusal) return send(response, 400, refusal);
  const own = answerWithoutDynalite(operation, guardData.tables, body);
  if (own) return send(response, 200, own);
  dynaliteAnswers?.(replay(request, withTableName(body)), response as Parameters<RequestListener>[1]);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(body));
}

function refuse(operation: string): DynamodbError | undefined {
  const refusal = refuseOperation(operation);
  if (refusal) post({ report: String(refusal.message) });
  return refusal;
}

const replay = ({ method, url, headers }: IncomingMessage, body: Buffer): IncomingMessage =>
  Object.assign(Readable.from([body]), { method, url, headers }) as IncomingMessage;

parentPort?.on("message", (command: DynaliteCommand) => {
  if (command !== "stop") {
    refusalOf = guardBy(command.authorizeBy);
    post({ authorized: true });
    return;
  }
  server.closeAllConnections();
  server.close(() => process.exit());
});

refuseOtherSites(server, allowsNames(dynamodbNames(guardData.place)));
closeSilentConnections(server);
server.listen(0, "127.0.0.1", () => {
  boundary.catchExceptions(process);
  post({ port: (server.address() as AddressInfo).port });
});
