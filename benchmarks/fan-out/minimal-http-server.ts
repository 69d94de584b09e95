import { createServer, type Socket } from "node:net";

/** A request, read no further than needed: bytes as Latin-1. */
export interface Taken {
  readonly path: string;
  readonly body: string;
}

/** Answers with a status. */
export type Take = (request: Taken) => number;

/**
 * A server that takes HTTP/1.1 with as little CPU as there can be: it shares the machine with who is measured. Requests
 * have a Content-Length, come one after the other on each connection, and are answered with a bare status.
 */
export const createTaker = (take: Take) =>
  createServer({ noDelay: true }, (socket) => {
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text = takeAll(text + chunk, take, socket);
    });
    // Whoever hangs up may do so in the middle.
    socket.on("error", () => socket.destroy());
  });

/** Gives what is left: the beginning of a request. */
function takeAll(text: string, take: Take, socket: Socket): string {
  const bodyAt = text.indexOf("\r\n\r\n") + "\r\n\r\n".length;
  if (bodyAt < "\r\n\r\n".length) return text;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined) throw new Error(`A request has no Content-Length: ${text.slice(0, bodyAt)}`);
  const end = bodyAt + Number(length);
  if (text.length < end) return text;
  const path = text.slice(text.indexOf(" ") + 1, text.indexOf(" HTTP/"));
  socket.write(`HTTP/1.1 ${take({ path, body: text.slice(bodyAt, end) })} Taken\r\nContent-Length: 0\r\n\r\n`);
  return takeAll(text.slice(end), take, socket);
}
