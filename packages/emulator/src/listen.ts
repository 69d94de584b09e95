import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

export const LOOPBACK = "127.0.0.1";

/** Opens a server on loopback; port 0 is any free one. Gives its port. Throws, with the remedy, when the port is taken. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, LOOPBACK);
  try {
    await once(server, "listening");
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "EADDRINUSE") throw fault;
    throw new Error(`Port ${port} is in use. Stop what listens there, or choose another with --port.`, {
      cause: fault,
    });
  }
  return (server.address() as AddressInfo).port;
}

/** Closes a server and every connection it has. */
export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
