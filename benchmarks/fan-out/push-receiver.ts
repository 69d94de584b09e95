/*
 * A process in place of API Gateway's management API and of Lambda's API. It accepts every push and every asynchronous
 * event at once, so that the benchmark measures the sender.
 */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { monotonic } from "../harness/measurement.ts";

/** The parts of a request that are needed. Strings hold bytes as Latin-1. */
export interface MinimalRequest {
  readonly path: string;
  readonly body: string;
}

/** Returns the status of the response. */
export type RespondTo = (request: MinimalRequest) => number;

/**
 * An HTTP/1.1 server that takes as little CPU as possible, because it shares the machine with the process that is measured.
 * Every request needs a Content-Length. Requests on a connection must follow each other. A response is a status without a
 * body.
 */
export const createMinimalServer = (respondTo: RespondTo) =>
  createServer({ noDelay: true }, (socket) => {
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text = respondToAll(text + chunk, respondTo, socket);
    });
    // A process that is killed can reset its connections.
    socket.on("error", () => socket.destroy());
  });

/** Responds to all complete requests. Returns the beginning of an incomplete one. */
function respondToAll(text: string, respondTo: RespondTo, socket: Socket): string {
  const bodyAt = text.indexOf("\r\n\r\n") + "\r\n\r\n".length;
  if (bodyAt < "\r\n\r\n".length) return text;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined) throw new Error(`A request has no Content-Length: ${text.slice(0, bodyAt)}`);
  const end = bodyAt + Number(length);
  if (text.length < end) return text;
  const path = text.slice(text.indexOf(" ") + 1, text.indexOf(" HTTP/"));
  socket.write(`HTTP/1.1 ${respondTo({ path, body: text.slice(bodyAt, end) })} Taken\r\nContent-Length: 0\r\n\r\n`);
  return respondToAll(text.slice(end), respondTo, socket);
}

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
