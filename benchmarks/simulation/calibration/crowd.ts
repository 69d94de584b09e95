import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { timed } from "../../harness/measurement.ts";
import { connect } from "../../harness/sockets.ts";

const HANDSHAKES_AT_ONCE = 20;
const RETRY_MILLISECONDS = 300;

/** Plain clients in the lobby. */
export class Crowd {
  readonly #url: string;
  readonly #sockets: WebSocket[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  async growTo(count: number): Promise<void> {
    const remaining = Array.from({ length: count - this.#sockets.length }).values();
    const workers = Array.from({ length: HANDSHAKES_AT_ONCE }, async () => {
      for (const _ of remaining) this.#sockets.push(await connectWithRetries(this.#url));
    });
    await Promise.all(workers);
  }

  /** Returns the milliseconds from sending a message to the last of its deliveries. */
  sendMessage(): Promise<number> {
    const [sender] = this.#sockets;
    return timed(async () => {
      const delivered = this.#sockets.map((socket) => once(socket, "message"));
      sender?.send('{"message":"sendmessage","data":"hello"}');
      await Promise.all(delivered);
    });
  }

  /** Returns the milliseconds until a frame is echoed. */
  async echo(): Promise<number> {
    const [sender] = this.#sockets as [WebSocket];
    return timed(async () => {
      sender.send("echo");
      await once(sender, "message");
    });
  }

  terminate(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}

/** The stage's throttle refuses handshakes with a 429. */
async function connectWithRetries(url: string): Promise<WebSocket> {
  for (;;) {
    try {
      return await connect(url);
    } catch (fault) {
      if (!/ 429$/.test((fault as Error).message)) throw fault;
      await sleep(RETRY_MILLISECONDS);
    }
  }
}
