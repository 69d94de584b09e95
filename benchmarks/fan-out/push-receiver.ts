/*
 * A process in place of API Gateway's management API and of Lambda's API. It accepts every push and every asynchronous
 * event at once, so that the benchmark measures the sender.
 */
import type { AddressInfo } from "node:net";
import { monotonic } from "../harness/measurement.ts";
import { createMinimalServer } from "./minimal-http-server.ts";

/** What was received since the last request. */
export interface Received {
  /** The monotonic times of the pushes to each connection. Connection ids are encoded as in the URL. */
  readonly pushes: Readonly<Record<string, readonly number[]>>;
  /** The asynchronous events for other functions. */
  readonly events: readonly unknown[];
}

const [OK, ACCEPTED] = [200, 202];
const INVOCATIONS = "/2015-03-31/functions/";

let pushes: Record<string, number[]> = {};
let events: unknown[] = [];

const server = createMinimalServer(({ path, body }) => {
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
});

process.on("message", (which: "events" | "all") => {
  const received: Received = { pushes: which === "all" ? pushes : {}, events };
  events = [];
  if (which === "all") pushes = {};
  process.send?.(received);
});
process.once("disconnect", () => process.exit());

server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
