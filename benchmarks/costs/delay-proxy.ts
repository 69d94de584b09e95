import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface DelayProxy {
  readonly url: string;
  stop(): void;
}

/**
 * Starts a proxy in front of a local server that adds the time of a network: a request and its response together take this
 * long. Connections open without a delay.
 */
export async function startDelayProxy(url: string, roundTripMilliseconds: number): Promise<DelayProxy> {
  const { port, hostname } = new URL(url);
  const there = Math.floor(roundTripMilliseconds / 2);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ port: Number(port), host: hostname, noDelay: true });
    forward(client, target, there);
    forward(target, client, roundTripMilliseconds - there);
    for (const socket of [client, target]) sockets.add(socket.once("close", () => sockets.delete(socket)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Timers of the same length run in the order in which they were set, so the bytes keep their order. */
function forward(from: Socket, to: Socket, milliseconds: number): void {
  from.on("data", (bytes) => setTimeout(() => to.write(bytes), milliseconds));
  from.on("error", () => to.destroy());
  from.on("close", () => setTimeout(() => to.end(), milliseconds));
}
