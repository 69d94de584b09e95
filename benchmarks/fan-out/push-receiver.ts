/*
 * A process instead of API Gateway's management API and of Lambda's API. It accepts every push and every asynchronous
 * event at once, so that the benchmark measures the sender. The argument is the scheme of its URL: "http" or "https".
 */
import type { AddressInfo } from "node:net";
import { monotonic } from "../harness/measurement.ts";
import { serverTls } from "../harness/tls.ts";
import { createMinimalServer, type MinimalRequest } from "./minimal-http-server.ts";

/** What was received since the last request. */
export interface Received {
  /** The monotonic times of the pushes to each connection. Connection ids are encoded as in the URL. */
  readonly pushes: Readonly<Record<string, readonly number[]>>;
  /** The asynchronous events for other functions. */
  readonly events: readonly unknown[];
}

const [OK, ACCEPTED] = [200, 202];
const INVOCATIONS = "/2015-03-31/functions/";

const scheme = process.argv[2];

let pushes: Record<string, number[]> = {};
let events: unknown[] = [];

const respondTo = ({ path, body }: MinimalRequest): number => {
  if (path.startsWith(INVOCATIONS)) {
    events.push(JSON.parse(Buffer.from(body, "latin1").toString()));
    return ACCEPTED;
  }
  // A function that starts opens a connection with a request that does nothing.
  if (path === "/") return OK;
  const id = path.slice(path.lastIndexOf("/") + 1);
  pushes[id] ??= [];
  pushes[id].push(monotonic());
  return OK;
};

process.on("message", (which: "events" | "all") => {
  const received: Received = { pushes: which === "all" ? pushes : {}, events };
  events = [];
  if (which === "all") pushes = {};
  process.send?.(received);
});
process.once("disconnect", () => process.exit());

const server = createMinimalServer(respondTo, scheme === "https" ? serverTls() : undefined);
server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
