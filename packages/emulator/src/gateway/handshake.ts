import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { newId } from "../ids.ts";
import type { StageConfig } from "../terraform/stage.ts";
import type { IntegrationLogFields } from "./access-log.ts";
import { ABNORMAL_CLOSURE, type Api, finishRequest, runDisconnectRoute } from "./api.ts";
import { type Authorized, authorize } from "./authorization.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { connectContext, connectEvent, type PendingHandshake, type RequestContext } from "./events.ts";
import { handshakeHeaders } from "./handshake-request.ts";
import type { IntegrationOutcome, ProxyResult } from "./integrations/lambda.ts";
import { FORBIDDEN, type Refusal, refuse } from "./refusal.ts";
import { MESSAGE_BYTES_MAX, openSocket } from "./socket.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const URL_CHARACTERS_MAX = 4_096;

interface Accepted {
  readonly connection: Connection;
  readonly subprotocols: readonly string[];
}

type Verdict = (Accepted | Refusal) & { readonly integration?: IntegrationLogFields | undefined };

/** Accepts or refuses upgrade requests. A client is connected only after `$connect` succeeds (HS-10). */
export class HandshakeServer {
  readonly #api: Api;
  readonly #subprotocols = new WeakMap<IncomingMessage, readonly string[]>();
  readonly #sockets: WebSocketServer;

  constructor(api: Api) {
    this.#api = api;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      // API Gateway limits the length of a message, but not the number of its frames (LM-02). 0 is no limit.
      maxFragments: 0,
      perMessageDeflate: false,
    });
    this.#sockets.on("headers", (headers: string[], request: IncomingMessage) => {
      for (const name of this.#subprotocols.get(request) ?? []) headers.push(`Sec-WebSocket-Protocol: ${name}`);
    });
  }

  async onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const refusal = checkRequest(request, this.#api.stage);
    if (refusal) return refuse(socket, refusal);
    const verdict = await this.#evaluate(request);
    if ("status" in verdict) return refuse(socket, verdict);
    const { connection, subprotocols } = verdict;
    if (!socket.readable || !socket.writable) {
      // The client disconnected while $connect ran. $disconnect cleans up after $connect.
      socket.destroy();
      return runDisconnectRoute(this.#api, connection, ABNORMAL_CLOSURE);
    }
    this.#subprotocols.set(request, subprotocols);
    // Trap: ws would refuse an invalid list of subprotocols, although $connect has accepted the client.
    delete request.headers["sec-websocket-protocol"];
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => openSocket(this.#api, connection, webSocket));
  }

  /** Closes the remaining connections without a close frame. */
  terminate(): void {
    for (const socket of this.#sockets.clients as Set<WebSocket>) socket.terminate();
  }

  async #evaluate(request: IncomingMessage): Promise<Verdict> {
    const api = this.#api;
    const connection = connectionOf(request, { id: newId(), connectedAt: api.now() });
    const requestContext = connectContext(api, connection);
    const { requestId } = requestContext;
    const { url: path = "" } = request;
    api.observe?.({
      kind: "handshake",
      connectionId: connection.id,
      requestId,
      path,
      headers: handshakeHeaders(request),
    });
    const verdict = await this.#admit({ connection, request, requestContext });
    const { integration } = verdict;
    const refused = "status" in verdict && { status: verdict.status, error: { message: verdict.message } };
    finishRequest(api, requestContext, { status: 200, integration, ...refused });
    return verdict;
  }

  /** The order of AWS: throttling, authorization, integration. */
  async #admit(handshake: PendingHandshake): Promise<Verdict> {
    const api = this.#api;
    if (!api.throttle.admits("$connect")) return { status: 429, message: "Too Many Requests" };
    const authorized = await authorize(api, handshake);
    if ("status" in authorized) return authorized;
    const { integrationLatency, ...identity } = authorized;
    const connection = { ...handshake.connection, ...identity };
    api.journal.opened(connection);
    const route = api.route("$connect");
    if (!route?.integrate) return { connection, subprotocols: [] };
    const requestContext = withIdentity(handshake.requestContext, authorized);
    const outcome = await route.integrate(connectEvent(api, { ...handshake, requestContext }));
    const verdict = verdictOf(outcome, connection);
    if ("status" in verdict) api.journal.closed(connection.id);
    return { ...verdict, integration: outcome.integration };
  }
}

/** Only the event of `$connect` contains the latency of the authorizer. */
const withIdentity = (
  requestContext: RequestContext,
  { authorizer, identity, integrationLatency }: Authorized,
): RequestContext => ({
  ...requestContext,
  ...(authorizer && { authorizer: { ...authorizer, integrationLatency } }),
  identity: { ...identity, ...(requestContext.identity as object) },
});

/** Returns the refusal of a request that is not a WebSocket handshake for this stage. */
function checkRequest(request: IncomingMessage, stage: StageConfig): Refusal | undefined {
  const { url = "", headers } = request;
  if (`ws://${headers.host}${url}`.length > URL_CHARACTERS_MAX) return { status: 414, message: "URI Too Long" };
  const [path] = url.split("?");
  const isStage = path === `/${stage.name}` || path === `/${stage.name}/`;
  if (!isStage || !stage.isDeployed || !stage.isEndpointEnabled) return FORBIDDEN;
  return isWellFormed(request) ? undefined : { status: 400, message: "Bad Request" };
}

/** ws checks this too, but after `$connect`. https://datatracker.ietf.org/doc/html/rfc6455#section-4.2.1 */
const isWellFormed = ({ method, httpVersion, headers }: IncomingMessage): boolean =>
  method === "GET" &&
  httpVersion === "1.1" &&
  headers.upgrade?.toLowerCase() === "websocket" &&
  headers["sec-websocket-version"] === "13" &&
  /^[+/\w]{22}==$/.test(headers["sec-websocket-key"] ?? "");

/** HS-20 to HS-26. */
function verdictOf(outcome: IntegrationOutcome, connection: Connection): Accepted | Refusal {
  switch (outcome.kind) {
    case "timeout":
      return { status: 504, message: "Endpoint request timed out" };
    case "not-permitted":
      return { status: 500, message: "Internal server error" };
    case "failed":
    case "empty":
      return { status: 502, message: "Internal server error" };
    case "result": {
      const { statusCode } = outcome.result;
      if (statusCode < 200 || statusCode > 599) return { status: 502, message: "Internal server error" };
      const subprotocols = subprotocolsOf(outcome.result);
      if (!subprotocols.every(isHeaderValue)) return { status: 502, message: "Internal server error" };
      if (statusCode >= 200 && statusCode < 300) return { connection, subprotocols };
      return { status: statusCode, message: STATUS_CODES[statusCode] ?? "" };
    }
  }
}

/**
 * The only header that API Gateway forwards to the client (HS-27, HS-40). It forwards every value (HS-42), and treats a
 * header without a value as absent.
 */
function subprotocolsOf({ headers, multiValueHeaders }: ProxyResult): string[] {
  return Object.entries({ ...headers, ...multiValueHeaders })
    .filter(([name]) => name.toLowerCase() === "sec-websocket-protocol")
    .flatMap(([, value]) => [value].flat())
    .filter((value) => value !== null && value !== "")
    .map(String);
}

/** Excludes line breaks, because a function could add other headers with them. */
const isHeaderValue = (text: string): boolean => /^[\t\x20-\x7e]*$/.test(text);
