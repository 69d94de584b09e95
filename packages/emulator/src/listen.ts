import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

export const LOOPBACK = "127.0.0.1";

/** Starts a server on loopback and returns its port. Port 0 is any free port. Rejects if the port is in use. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, LOOPBACK);
  try {
    await once(server, "listening");
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "EADDRINUSE") throw fault;
    throw new Error(
      `Port ${port} is in use. Stop the process that listens on it, or choose another port with --port.`,
      { cause: fault },
    );
  }
  return (server.address() as AddressInfo).port;
}

/** Closes a server and all its connections. */
export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
