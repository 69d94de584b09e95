import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { newId } from "../ids.ts";
import type { IntegrationFacts } from "./access-log.ts";
import type { Api } from "./api.ts";
import { type Authorized, authorize, type Handshaking } from "./authorization.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { announceDisconnect } from "./disconnect.ts";
import { connectContext, connectEvent, type RequestContext } from "./events.ts";
import type { IntegrationOutcome, ProxyResult } from "./integrations/proxy-result.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { MESSAGE_BYTES_MAX, openSocket } from "./socket.ts";
import { refusalOf } from "./upgrade.ts";

/** A lost connection, as RFC 6455 numbers it. */
const ABNORMAL = { code: 1006, reason: "" };

interface Accepted {
  readonly connection: Connection;
  readonly subprotocols: readonly string[];
}

type Verdict = (Accepted | Refusal) & { readonly integration?: IntegrationFacts | undefined };

/** Evaluates an upgrade request while it is pending: the client is connected after `$connect`, or not at all (HS-10). */
export class Handshake {
  readonly #api: Api;
  readonly #subprotocols = new WeakMap<IncomingMessage, readonly string[]>();
  readonly #sockets: WebSocketServer;

  constructor(api: Api) {
    this.#api = api;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
    });
    this.#sockets.on("headers", (headers: string[], request: IncomingMessage) => {
      for (const each of this.#subprotocols.get(request) ?? []) headers.push(`Sec-WebSocket-Protocol: ${each}`);
    });
  }

  async onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const refusal = refusalOf(request, this.#api.stage);
    if (refusal) return refuse(socket, refusal);
    const verdict = await this.#evaluate(request);
    if ("status" in verdict) return refuse(socket, verdict);
    const { connection, subprotocols } = verdict;
    if (!socket.readable || !socket.writable) {
      // The client has left meanwhile: what $connect did is for $disconnect to undo.
      socket.destroy();
      return announceDisconnect(this.#api, connection, ABNORMAL);
    }
    this.#subprotocols.set(request, subprotocols);
    // ws would refuse an offer that breaks the rules, after $connect has taken it.
    delete request.headers["sec-websocket-protocol"];
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => openSocket(this.#api, connection, webSocket));
  }

  /** Cuts off whoever is still there, without a close frame. */
  terminate(): void {
    for (const socket of this.#sockets.clients as Set<WebSocket>) socket.terminate();
  }

  /** Throttle, then authorization, then the integration. */
  async #evaluate(request: IncomingMessage): Promise<Verdict> {
    const api = this.#api;
    const connection = connectionOf(request, { id: newId(), connectedAt: api.now() });
    const requestContext = connectContext(api, connection);
    const verdict = await this.#admit({ connection, request, requestContext });
    const { integration } = verdict;
    const refused = "status" in verdict && { status: verdict.status, error: { message: verdict.message } };
    api.logAccess(requestContext, { status: 200, integration, ...refused });
    return verdict;
  }

  async #admit(handshaking: Handshaking): Promise<Verdict> {
    const api = this.#api;
    if (!api.throttle.admits("$connect")) return { status: 429, message: "Too Many Requests" };
    const authorized = await authorize(api, handshaking);
    if ("status" in authorized) return authorized;
    const { integrationLatency, ...known } = authorized;
    const connection = { ...handshaking.connection, ...known };
    const route = api.route("$connect");
    if (!route?.integrate) return { connection, subprotocols: [] };
    const requestContext = withAuthorizer(handshaking.requestContext, authorized);
    const outcome = await route.integrate(connectEvent(api, { ...handshaking, requestContext }));
    return { ...verdictOf(outcome, connection), integration: outcome.integration };
  }
}

/** Only `$connect` is told how long the authorizer took (§2.5). */
const withAuthorizer = (
  requestContext: RequestContext,
  { authorizer, identity, integrationLatency }: Authorized,
): RequestContext => ({
  ...requestContext,
  ...(authorizer && { authorizer: { ...authorizer, integrationLatency } }),
  identity: { ...identity, ...(requestContext.identity as object) },
});

/** HS-20 to HS-26. */
function verdictOf(outcome: IntegrationOutcome, connection: Connection): Accepted | Refusal {
  switch (outcome.kind) {
    case "timeout":
      return { status: 504, message: "Endpoint request timed out" };
    case "not-permitted":
      return { status: 500, message: "Internal server error" };
    case "failed":
    case "silent":
      return { status: 502, message: "Internal server error" };
    case "result": {
      const { statusCode } = outcome.result;
      const subprotocols = subprotocolsOf(outcome.result);
      if (!subprotocols.every(isHeaderValue)) return { status: 502, message: "Internal server error" };
      if (statusCode >= 200 && statusCode < 300) return { connection, subprotocols };
      return { status: statusCode, message: STATUS_CODES[statusCode] ?? "" };
    }
  }
}

/** The only header of the function's that reaches the client (HS-27, HS-40), as often as it is given (HS-42). */
function subprotocolsOf({ headers, multiValueHeaders }: ProxyResult): string[] {
  const given = Object.entries({ ...headers, ...multiValueHeaders });
  return given
    .filter(([name]) => name.toLowerCase() === "sec-websocket-protocol")
    .flatMap(([, value]) => [value].flat().map(String));
}

/** What is more than one line would be more than one header. */
const isHeaderValue = (text: string): boolean => /^[\t\x20-\x7e]*$/.test(text);
