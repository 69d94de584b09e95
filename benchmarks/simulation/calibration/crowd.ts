import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { timed } from "../../../scripts/simulate/timing.ts";

/** A stage lets few in at once: who comes in numbers tries again at a 429. */
const HANDSHAKES_AT_ONCE = 20;
const RETRY_MILLISECONDS = 300;

/** Plain clients of the lobby, as many as are wanted. */
export class Crowd {
  readonly #url: string;
  readonly #sockets: WebSocket[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  async growTo(count: number): Promise<void> {
    const places = Array.from({ length: count - this.#sockets.length }).values();
    const doors = Array.from({ length: HANDSHAKES_AT_ONCE }, async () => {
      for (const _ of places) this.#sockets.push(await connect(this.#url));
    });
    await Promise.all(doors);
  }

  /** Milliseconds from a message's being sent to its reaching the last of all. */
  say(): Promise<number> {
    const [sender] = this.#sockets;
    return timed(async () => {
      const heard = this.#sockets.map((socket) => once(socket, "message"));
      sender?.send('{"message":"sendmessage","data":"hello"}');
      await Promise.all(heard);
    });
  }

  /** Milliseconds until an echo comes back. */
  async echo(): Promise<number> {
    const [sender] = this.#sockets as [WebSocket];
    return timed(async () => {
      sender.send("echo");
      await once(sender, "message");
    });
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}

async function connect(url: string): Promise<WebSocket> {
  for (;;) {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    try {
      await once(socket, "open");
      return socket;
    } catch (fault) {
      if (!/ 429$/.test((fault as Error).message)) throw fault;
      await sleep(RETRY_MILLISECONDS);
    }
  }
}
