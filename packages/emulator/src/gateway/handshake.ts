import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { newId } from "../ids.ts";
import type { StageConfig } from "../terraform/stage.ts";
import type { AuthorizationLogFields, IntegrationLogFields } from "./access-log.ts";
import { type Api, finishRequest } from "./api.ts";
import { type Authorized, authorize } from "./authorization.ts";
import { type Connection, connectionOf } from "./connection.ts";
import { ABNORMAL_CLOSURE, runDisconnectRoute } from "./disconnect.ts";
import { connectContext, connectEvent, type PendingHandshake, type RequestContext } from "./events.ts";
import { handshakeHeaders } from "./handshake-request.ts";
import type { IntegrationOutcome, ProxyResult } from "./integrations/outcome.ts";
import { FORBIDDEN, type Refusal, refuse } from "./refusal.ts";
import { MESSAGE_BYTES_MAX, openSocket } from "./socket.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const URL_CHARACTERS_MAX = 4_096;

interface Accepted {
  readonly connection: Connection;
  readonly subprotocols: readonly string[];
}

type Verdict = (Accepted | Refusal) & {
  /** With the identity of the client, if the handshake was authorized. */
  readonly requestContext?: RequestContext;
  readonly integration?: IntegrationLogFields | undefined;
  readonly authorization?: AuthorizationLogFields | undefined;
};

/**
 * Accepts or refuses upgrade requests. A client is connected only after `$connect` succeeds (rule HS-10 in
 * docs/api-gateway-rules.md).
 */
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
    request.url = originForm(request.url ?? "");
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
    // Trap: ws would refuse an invalid list of subprotocols, and a list of upgrades, although $connect has accepted the
    // client.
    delete request.headers["sec-websocket-protocol"];
    request.headers.upgrade = "websocket";
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
    const { integration, authorization } = verdict;
    const refused = "status" in verdict && {
      status: verdict.status,
      ...(verdict.status !== integration?.status && { error: { message: verdict.message } }),
    };
    finishRequest(api, verdict.requestContext ?? requestContext, {
      status: 200,
      integration,
      authorization,
      ...refused,
    });
    return verdict;
  }

  /** The order of AWS: throttling, authorization, integration. */
  async #admit(handshake: PendingHandshake): Promise<Verdict> {
    const api = this.#api;
    if (!api.throttle.admits("$connect")) return { status: 429, message: "Too Many Requests" };
    const { log: authorization, ...authorized } = await authorize(api, handshake);
    if ("status" in authorized) return { ...authorized, authorization };
    const { authorizer, identity } = authorized;
    const connection = { ...handshake.connection, ...(authorizer && { authorizer }), ...(identity && { identity }) };
    api.journal.opened(connection);
    const route = api.route("$connect");
    const requestContext = withIdentity(handshake.requestContext, { ...authorized, log: authorization });
    if (!route?.integrate) return { connection, subprotocols: [], requestContext, authorization };
    const outcome = await route.integrate(connectEvent(api, { ...handshake, requestContext }));
    const verdict = verdictOf(outcome, connection);
    if ("status" in verdict) api.journal.closed(connection.id);
    return { ...verdict, requestContext, authorization, integration: outcome.integration };
  }
}

/** Only the event of `$connect` contains the latency of the authorizer. */
const withIdentity = (
  requestContext: RequestContext,
  { authorizer, identity, log }: Authorized & { readonly log: AuthorizationLogFields | undefined },
): RequestContext => ({
  ...requestContext,
  ...(authorizer && {
    authorizer: { ...authorizer, integrationLatency: log?.authorizer?.integrationLatency },
  }),
  identity: { ...identity, ...(requestContext.identity as object) },
});

const BAD_REQUEST: Refusal = { status: 400, message: "Bad Request" };

/** RFC 6455 requires the header: https://datatracker.ietf.org/doc/html/rfc6455#section-4.2.2 */
const OTHER_VERSION: Refusal = {
  status: 426,
  message: "Upgrade Required",
  headers: { "Sec-WebSocket-Version": "13" },
};

/** Returns the refusal of a request that is not a WebSocket handshake for this stage. */
function checkRequest(request: IncomingMessage, stage: StageConfig): Refusal | undefined {
  const { url = "", headers } = request;
  if (`ws://${headers.host}${url}`.length > URL_CHARACTERS_MAX) return { status: 414, message: "URI Too Long" };
  const [path] = url.split("?");
  const isStage = path === `/${stage.name}` || path === `/${stage.name}/`;
  if (!isStage || !stage.isDeployed || !stage.isEndpointEnabled) return FORBIDDEN;
  if (!isWellFormed(request)) return BAD_REQUEST;
  return headers["sec-websocket-version"] === "13" ? undefined : OTHER_VERSION;
}

/** ws checks this too, but after `$connect`. https://datatracker.ietf.org/doc/html/rfc6455#section-4.2.1 */
const isWellFormed = ({ method, httpVersion, headers }: IncomingMessage): boolean =>
  method === "GET" &&
  httpVersion === "1.1" &&
  /(^|,)\s*websocket\s*(,|$)/i.test(headers.upgrade ?? "") &&
  /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "");

/**
 * The path of a request whose target is an absolute URI, which RFC 6455 permits.
 * https://datatracker.ietf.org/doc/html/rfc6455#section-4.1
 */
const originForm = (url: string): string => url.replace(/^https?:\/\/[^/?]*(?=\/)/i, "");

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
