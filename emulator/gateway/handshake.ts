import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { newId, newRequestId } from "../ids.ts";
import type { Api } from "./api.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { announceDisconnect, disconnect, hangUp } from "./disconnect.ts";
import { connectEvent } from "./events.ts";
import type { IntegrationOutcome } from "./integration.ts";
import { onMessage } from "./messages.ts";
import type { ProxyResult } from "./proxy-result.ts";

/** Longest message, assembled from its frames. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const MESSAGE_BYTES_MAX = 131_072;

/** A lost connection, as RFC 6455 numbers it. */
const ABNORMAL = { code: 1006, reason: "" };

/** Refused with the HTTP status of the failed handshake, or accepted, perhaps with a subprotocol. */
type Verdict = { readonly status: number; readonly message: string } | { readonly subprotocol: string | undefined };

/** Evaluates an upgrade request while it is pending: the client is connected after `$connect`, or not at all (HS-10). */
export class Handshake {
  readonly #api: Api;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();
  readonly #sockets: WebSocketServer;

  constructor(api: Api) {
    this.#api = api;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
      handleProtocols: (_, request) => this.#subprotocols.get(request) ?? false,
    });
  }

  async onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    if (!this.#isStage(request)) return refuse(socket, { status: 403, message: "Forbidden" });
    if (!isWellFormed(request)) return refuse(socket, { status: 400, message: "Bad Request" });
    const connection = connectionOf(request, { id: newId(), connectedAt: this.#api.now() });
    const verdict = await this.#evaluate(connection, request);
    if ("status" in verdict) return refuse(socket, verdict);
    if (!socket.readable || !socket.writable) {
      // The client has left meanwhile: what $connect did is for $disconnect to undo.
      socket.destroy();
      return announceDisconnect(this.#api, connection, ABNORMAL);
    }
    if (verdict.subprotocol !== undefined) this.#subprotocols.set(request, verdict.subprotocol);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#open(connection, webSocket));
  }

  /** Cuts off whoever is still there, without a close frame. */
  terminate(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  #isStage({ url = "" }: IncomingMessage): boolean {
    const [path = ""] = url.split("?");
    return path === `/${this.#api.stageName}` || path === `/${this.#api.stageName}/`;
  }

  async #evaluate(connection: Connection, request: IncomingMessage): Promise<Verdict> {
    const route = this.#api.route("$connect");
    if (!route) return { subprotocol: undefined };
    return verdictOf(await this.#api.integrate(route, connectEvent(this.#api, connection, request)));
  }

  #open(pending: Connection, socket: WebSocket): void {
    const api = this.#api;
    const connection = { ...pending, socket, lastActiveAt: api.now() };
    api.connections.set(connection.id, connection);
    socket.on("message", (data, isBinary) => {
      if (isBinary) return void hangUp(api, connection.id, { code: 1003, reason: "" });
      void onMessage(api, connection, String(data));
    });
    socket.on("close", (code, reason) => void disconnect(api, connection, { code, reason: String(reason) }));
    // A broken frame: ws answers it with its close code by itself.
    socket.on("error", () => undefined);
  }
}

/** Checked before `$connect` and not after it, where ws would. https://datatracker.ietf.org/doc/html/rfc6455#section-4.2.1 */
const isWellFormed = ({ method, headers }: IncomingMessage): boolean =>
  method === "GET" &&
  headers.upgrade?.toLowerCase() === "websocket" &&
  headers["sec-websocket-version"] === "13" &&
  /^[+/\w]{22}==$/.test(headers["sec-websocket-key"] ?? "");

/** HS-20 to HS-26. */
function verdictOf(outcome: IntegrationOutcome): Verdict {
  if (outcome.kind === "timeout") return { status: 504, message: "Endpoint request timed out" };
  if (outcome.kind !== "result") return { status: 502, message: "Internal server error" };
  const { statusCode } = outcome.result;
  if (statusCode >= 200 && statusCode < 300) return { subprotocol: subprotocolOf(outcome.result) };
  return { status: statusCode, message: STATUS_CODES[statusCode] ?? "" };
}

/** The only header of the function's that reaches the client (HS-27, HS-40). */
function subprotocolOf({ headers = {} }: ProxyResult): string | undefined {
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === "sec-websocket-protocol") ?? [];
  return value;
}

function refuse(socket: Duplex, { status, message }: { readonly status: number; readonly message: string }): void {
  const body = JSON.stringify({ message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-amzn-RequestId: ${newRequestId()}`,
    `x-amz-apigw-id: ${newId()}`,
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
