import { on, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientOptions, WebSocket } from "ws";

/** The longest time to wait for a frame. */
const FRAME_MILLISECONDS_MAX = 20_000;

/** A WebSocket client that reads its frames one by one, in order. */
export interface Client {
  readonly socket: WebSocket;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(frame: string | object): void;
  /** The next frame. Rejects if none arrives in time. */
  next(): Promise<string>;
  /** Closes the connection, and waits until the other side has closed it too. */
  close(): Client["closed"];
}

/** Connects. Rejects with `Unexpected server response: <status>` if the handshake is refused. */
export async function connect(url: string, options: ClientOptions = {}): Promise<Client> {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  // The iterator exists before the connection opens, so that the first frames are not lost.
  const messages = on(socket, "message");
  const closed = once(socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
  // A refused handshake rejects both promises; the caller gets only the one below.
  closed.catch(() => undefined);
  await once(socket, "open");
  return {
    socket,
    closed,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    next: () => Promise.race([messages.next().then(({ value: [data] }) => String(data)), noFrame()]),
    close() {
      socket.close();
      return closed;
    },
  };
}

async function noFrame(): Promise<never> {
  await sleep(FRAME_MILLISECONDS_MAX, undefined, { ref: false });
  throw new Error("The server sent no frame.");
}
