import { on, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientOptions, WebSocket } from "ws";

/** How long a test waits for a frame before it says that none came. */
const PATIENCE_MILLISECONDS = 20_000;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket client whose frames are read one after the other, in the order they came. */
export interface Client {
  readonly socket: WebSocket;
  readonly frames: AsyncGenerator<string>;
  readonly closed: Promise<Closed>;
  send(frame: string | object): void;
  /** The next frame. Rejects when none comes. */
  next(): Promise<string>;
  /** All frames that come before the gateway echoes a text of our own: nothing has to be waited for. */
  untilEcho(): Promise<string[]>;
  /** Closes, and resolves when the other side has, too. */
  close(): Promise<Closed>;
}

/** Connects. Rejects with `Unexpected server response: <status>` when the handshake is refused. */
export async function connect(url: string, { subprotocols = [], ...options }: ConnectOptions = {}): Promise<Client> {
  const socket = new WebSocket(url, subprotocols, { perMessageDeflate: false, ...options });
  const frames = framesOf(socket);
  const closed = once(socket, "close").then(([code, reason]) => ({ code, reason: String(reason) }));
  // A refused handshake ends in "error" here as well; the one below is the one that counts.
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

/** The iterator is made at once: frames that come before the first is read are kept. */
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
