import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Decides by the name in a `Host` header, in lower case and without the port. */
export type AllowsHost = (hostname: string) => boolean;

export const isLoopbackHost: AllowsHost = (hostname) =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);

/** A connection that sends nothing is closed after this time. */
const SILENT_MILLISECONDS_MAX = 60_000;

/**
 * Protects a server on loopback from pages of other sites that a browser of this machine shows: a page whose host name
 * resolves to 127.0.0.1 sends its own name, and every page sends its origin with requests that change something. The
 * credentials of the emulator are public, so signatures do not protect it.
 * https://developer.mozilla.org/en-US/docs/Web/Security/Attacks/DNS_rebinding
 */
export function refuseOtherSites(server: Server, allows: AllowsHost = isLoopbackHost): void {
  const emit = server.emit.bind(server);
  // A listener cannot keep the request from the listeners after it.
  server.emit = (event: string, ...args: unknown[]): boolean => {
    const refused =
      (event === "upgrade" && refuseUpgrade(args as [IncomingMessage, Socket], allows)) ||
      (REQUEST_EVENTS.includes(event) && refuseRequest(args as [IncomingMessage, ServerResponse], allows));
    return refused || emit(event, ...args);
  };
}

const REQUEST_EVENTS = ["request", "checkContinue", "checkExpectation"];

/** Closes connections that send nothing. Node.js itself closes them up to 30 seconds later. */
export function closeSilentConnections(server: Server): void {
  server.on("connection", (socket: Socket) => {
    const timer = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy();
    }, SILENT_MILLISECONDS_MAX);
    socket.once("close", () => clearTimeout(timer));
    timer.unref();
  });
}

interface Refusal {
  readonly status: number;
  readonly errorType: string;
  readonly message: string;
}

function refuseRequest([request, response]: [IncomingMessage, ServerResponse], allows: AllowsHost): boolean {
  const refusal = hostRefusal(request, allows) ?? originRefusal(request, allows);
  if (refusal) send(response, refusal);
  return refusal !== undefined;
}

/** A handshake with another origin is not refused, as in AWS: the authorizer of the API can check the origin. */
function refuseUpgrade([request, socket]: [IncomingMessage, Socket], allows: AllowsHost): boolean {
  const refusal = hostRefusal(request, allows);
  if (!refusal) return false;
  const response = new ServerResponse(request);
  socket.on("error", () => socket.destroy());
  response.on("finish", () => socket.destroy());
  response.assignSocket(socket);
  send(response, refusal);
  return true;
}

function send(response: ServerResponse, { status, errorType, message }: Refusal): void {
  response.writeHead(status, {
    Connection: "close",
    "Content-Type": "application/json",
    "x-amzn-ErrorType": errorType,
  });
  response.end(JSON.stringify({ message }));
}

const ADDRESSES = "127.0.0.1, localhost or [::1]";

function hostRefusal({ headers: { host }, headersDistinct }: IncomingMessage, allows: AllowsHost): Refusal | undefined {
  const hosts = headersDistinct.host ?? [];
  // Node.js uses the first. https://datatracker.ietf.org/doc/html/rfc9112#section-3.2
  if (hosts.length > 1) {
    const message = `The request has ${hosts.length} Host headers: ${hosts.join(", ")}. It must have one. Use the address that was printed at the start.`;
    return { status: 400, errorType: "BadRequestException", message };
  }
  if (host !== undefined && allows(nameIn(host))) return undefined;
  const received = host === undefined ? "has no Host header" : `is for the host "${host}"`;
  const message = `The request ${received}. This port answers only requests for ${ADDRESSES}, so that pages of other sites cannot use it. Use the address that was printed at the start.`;
  return { status: 421, errorType: "MisdirectedRequestException", message };
}

function originRefusal({ headers: { origin } }: IncomingMessage, allows: AllowsHost): Refusal | undefined {
  if (origin === undefined || allows(nameIn(origin.replace(/^https?:\/\//, "")))) return undefined;
  const message = `The request comes from a page of the origin "${origin}". This port answers only requests from pages of ${ADDRESSES}. Open the page at one of these addresses.`;
  return { status: 403, errorType: "ForbiddenOriginException", message };
}

const nameIn = (host: string): string => host.toLowerCase().replace(/:\d*$/, "");
