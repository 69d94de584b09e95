import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Random } from "./random.ts";

export interface RoughNetworkOptions {
  /** Decides the delays, and which later connections are duplicated. */
  readonly random: Random;
  /** Each chunk is delayed by less than this. */
  readonly delayMilliseconds: number;
}

/** A network that loses no byte of a connection that lasts, but delays, halts, resets and duplicates connections. */
export interface RoughNetwork {
  readonly url: string;
  /** Resets every connection. New ones get through. */
  cut(): void;
  /** Nothing passes for a while, in either direction. Then everything that was held back does. */
  halt(milliseconds: number): void;
  /** How many connections were duplicated. */
  duplicated(): number;
  stop(): Promise<void>;
}

const writeTo = (sockets: readonly Socket[], data: Buffer): void => {
  for (const socket of sockets) if (socket.writable) socket.write(data);
};

const destroy = (sockets: readonly Socket[]): void => {
  for (const socket of sockets) socket.destroy();
};

/** The first connection is duplicated, and half of the others: the server gets every byte of the client on a second connection as well. */
export async function startRoughNetwork(
  url: string,
  { random, delayMilliseconds }: RoughNetworkOptions,
): Promise<RoughNetwork> {
  const { hostname, port, pathname } = new URL(url);
  const sockets = new Set<Socket>();
  let haltedUntil = 0;
  let duplicated = 0;

  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A reset is what the network is for; "close" follows.
    socket.on("error", () => undefined);
    return socket;
  };
  /** Chunks keep their order: none is due before the one that came before it. */
  const passOn = (from: Socket, to: readonly Socket[]): void => {
    let due = 0;
    const later = (act: () => void): void => {
      due = Math.max(due, haltedUntil, Date.now() + random.below(delayMilliseconds));
      const attempt = (): void => {
        const wait = Math.max(due, haltedUntil) - Date.now();
        if (wait > 0) setTimeout(attempt, wait);
        else act();
      };
      attempt();
    };
    from.on("data", (data) => later(() => writeTo(to, data)));
    from.on("close", () => later(() => destroy(to)));
  };
  const server = createServer((near) => {
    const far = track(connect(Number(port), hostname));
    const copies = duplicated === 0 || random.below(2) === 0 ? [track(connect(Number(port), hostname))] : [];
    duplicated += copies.length;
    passOn(track(near), [far, ...copies]);
    passOn(far, [near]);
    for (const copy of copies) copy.resume();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    halt(milliseconds) {
      haltedUntil = Date.now() + milliseconds;
    },
    duplicated: () => duplicated,
    async stop() {
      for (const socket of sockets) socket.resetAndDestroy();
      server.close();
      await once(server, "close");
    },
  };
}
