import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions } from "node:tls";

/** The parts of a request that are needed. Strings hold bytes as Latin-1. */
export interface MinimalRequest {
  readonly path: string;
  readonly body: string;
}

/** Returns the status of the response. */
export type RespondTo = (request: MinimalRequest) => number;

/**
 * An HTTP/1.1 server that takes as little CPU as possible, because it shares the machine with the process that is measured.
 * Every request except a GET needs a Content-Length. Requests on a connection must follow each other. A response is a status
 * without a body.
 */
export function createMinimalServer(respondTo: RespondTo, tls?: SecureContextOptions): Server {
  const serve = (socket: Socket): void => {
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text = respondToAll(text + chunk, respondTo, socket);
    });
    // A process that is killed can reset its connections.
    socket.on("error", () => socket.destroy());
  };
  return tls ? createTlsServer({ ...tls, noDelay: true }, serve) : createServer({ noDelay: true }, serve);
}

/** Responds to all complete requests. Returns the beginning of an incomplete one. */
function respondToAll(text: string, respondTo: RespondTo, socket: Socket): string {
  const bodyAt = text.indexOf("\r\n\r\n") + "\r\n\r\n".length;
  if (bodyAt < "\r\n\r\n".length) return text;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined && !text.startsWith("GET "))
    throw new Error(`A request has no Content-Length: ${text.slice(0, bodyAt)}`);
  const end = bodyAt + Number(length ?? 0);
  if (text.length < end) return text;
  const path = text.slice(text.indexOf(" ") + 1, text.indexOf(" HTTP/"));
  socket.write(`HTTP/1.1 ${respondTo({ path, body: text.slice(bodyAt, end) })} Taken\r\nContent-Length: 0\r\n\r\n`);
  return respondToAll(text.slice(end), respondTo, socket);
}
