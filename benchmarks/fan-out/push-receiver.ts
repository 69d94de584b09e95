/*
 * A process in the place of API Gateway's management API, and of Lambda's: it takes every push and every asynchronous
 * event, and tells which when it is asked. It answers at once, so what is measured is who pushes.
 */
import type { AddressInfo } from "node:net";
import { monotonic } from "./clock.ts";
import { createTaker } from "./minimal-http-server.ts";

/** What came since the last time that it was asked. */
export interface Received {
  /** By connection id, encoded as it came: when, by the monotonic clock, one time for each push. */
  readonly pushes: Readonly<Record<string, readonly number[]>>;
  /** For other functions. */
  readonly events: readonly unknown[];
}

const [OK, ACCEPTED] = [200, 202];
const INVOCATIONS = "/2015-03-31/functions/";

let pushes: Record<string, number[]> = {};
let events: unknown[] = [];

const server = createTaker(({ path, body }) => {
  if (path.startsWith(INVOCATIONS)) {
    events.push(JSON.parse(Buffer.from(body, "latin1").toString()));
    return ACCEPTED;
  }
  const id = path.slice(path.lastIndexOf("/") + 1);
  pushes[id] ??= [];
  pushes[id].push(monotonic());
  return OK;
});

process.on("message", (question: "events" | "all") => {
  const received: Received = { pushes: question === "all" ? pushes : {}, events };
  events = [];
  if (question === "all") pushes = {};
  process.send?.(received);
});
process.once("disconnect", () => process.exit());

server.listen(0, "127.0.0.1", () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
