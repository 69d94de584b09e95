import { on, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientOptions, WebSocket } from "ws";

/** How long a test waits for a frame before it fails. */
const PATIENCE_MILLISECONDS = 20_000;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket client whose frames are read one after the other, in the order of their arrival. */
export interface Client {
  readonly socket: WebSocket;
  readonly frames: AsyncGenerator<string>;
  readonly closed: Promise<Closed>;
  send(frame: string | object): void;
  /** Returns the next frame. Rejects on a timeout. */
  next(): Promise<string>;
  /** Returns all frames that arrive before an echo that it requests, so it needs no timeout. */
  untilEcho(): Promise<string[]>;
  /** Closes the connection. Resolves when the server has closed it as well. */
  close(): Promise<Closed>;
}

/** Connects. Rejects with `Unexpected server response: <status>` when the handshake is refused. */
export async function connect(url: string, { subprotocols = [], ...options }: ConnectOptions = {}): Promise<Client> {
  const socket = new WebSocket(url, subprotocols, { perMessageDeflate: false, ...options });
  const frames = framesOf(socket);
  const closed = once(socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
  // A refused handshake emits "error" here as well. It is handled below.
  closed.catch(() => undefined);
  await once(socket, "open");
  const next = () => Promise.race([frames.next().then(({ value }) => value), nothingCame()]);
  return {
    socket,
    frames,
    closed,
    next,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    async untilEcho() {
      const mark = `mark ${Math.random()}`;
      socket.send(mark);
      const before: string[] = [];
      for (let frame = await next(); frame !== mark; frame = await next()) before.push(frame);
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

/** Creates the iterator at once, so that frames that arrive before the first read are kept. */
function framesOf(socket: WebSocket): AsyncGenerator<string> {
  const messages = on(socket, "message");
  return (async function* () {
    for await (const [data] of messages) yield String(data);
  })();
}

async function nothingCame(): Promise<never> {
  await sleep(PATIENCE_MILLISECONDS, undefined, { ref: false });
  throw new Error("No frame came.");
}
