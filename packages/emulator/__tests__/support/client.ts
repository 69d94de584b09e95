import { on, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientOptions, WebSocket } from "ws";

/** The longest time to wait for a frame. */
const FRAME_MILLISECONDS_MAX = 20_000;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket client that reads its frames one by one, in order. */
export interface Client {
  readonly socket: WebSocket;
  readonly frames: AsyncGenerator<string>;
  readonly closed: Promise<Closed>;
  send(frame: string | object): void;
  /** The next frame. Rejects if none arrives in time. */
  next(): Promise<string>;
  /** Requests an echo, and returns all frames that arrive before it. This needs no timeout. */
  untilEcho(): Promise<string[]>;
  /** Closes the connection, and waits until the other side has closed it too. */
  close(): Promise<Closed>;
}

/** Connects. Rejects with `Unexpected server response: <status>` if the handshake is refused. */
export async function connect(url: string, { subprotocols = [], ...options }: ConnectOptions = {}): Promise<Client> {
  const socket = new WebSocket(url, subprotocols, { perMessageDeflate: false, ...options });
  const frames = framesOf(socket);
  const closed = once(socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
  // A refused handshake rejects both promises; the caller gets only the one below.
  closed.catch(() => undefined);
  await once(socket, "open");
  const next = () => Promise.race([frames.next().then(({ value }) => value), noFrame()]);
  return {
    socket,
    frames,
    closed,
    next,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    async untilEcho() {
      const marker = `marker ${Math.random()}`;
      socket.send(marker);
      const before: string[] = [];
      for (let frame = await next(); frame !== marker; frame = await next()) before.push(frame);
      return before;
    },
    close() {
      socket.close();
      return closed;
    },
  };
}

export interface ConnectOptions extends ClientOptions {
  readonly subprotocols?: string[];
}

/** Creates the iterator before the connection opens, so that the first frames are not lost. */
function framesOf(socket: WebSocket): AsyncGenerator<string> {
  const messages = on(socket, "message");
  return (async function* () {
    for await (const [data] of messages) yield String(data);
  })();
}

async function noFrame(): Promise<never> {
  await sleep(FRAME_MILLISECONDS_MAX, undefined, { ref: false });
  throw new Error("The server sent no frame.");
}
