import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type AllowsHost, closeSilentConnections, isLoopbackHost, refuseOtherSites } from "./callers.ts";

/** A request to an AWS service. Header names are in lower case, as in Node.js. */
export interface ServiceRequest {
  readonly method: string;
  /** Includes the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Authorizes a request and responds as the service does. */
export type ServiceHandler = (request: ServiceRequest) => ServiceResponse | Promise<ServiceResponse>;

/** Longer bodies are discarded. The longest body that any of the services accepts is a Lambda payload of 6 MB. */
const BODY_BYTES_MAX = 8_388_608;

/** Reads the body of a request; undefined if it is longer than any service accepts. Rejects if the client aborts. */
export const readBody = (request: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_BYTES_MAX) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once("end", () => resolve(length <= BODY_BYTES_MAX ? Buffer.concat(chunks, length) : undefined));
    // Emitted with ECONNRESET if the client aborts.
    request.once("error", reject);
  });

export const LOOPBACK = "127.0.0.1";

/**
 * Starts a server on loopback and returns its port. Port 0 is any free port. Rejects if the port is in use. The server
 * answers only requests for hosts that are allowed; default: loopback.
 */
export async function listen(server: Server, port: number, allowsHost: AllowsHost = isLoopbackHost): Promise<number> {
  refuseOtherSites(server, allowsHost);
  closeSilentConnections(server);
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
