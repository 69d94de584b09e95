import type { IntegrationLogFields } from "./access-log.ts";
import { type Api, finishRequest, type Route } from "./api.ts";
import { type OpenConnection, send } from "./connection.ts";
import { type GatewayEvent, messageEvent } from "./events.ts";
import type { IntegrationOutcome, ProxyResult } from "./integrations/outcome.ts";

/** Processes one text message: selects its route, runs the integration, and sends the response if there is one. */
export async function onMessage(api: Api, connection: OpenConnection, body: string): Promise<void> {
  // ws still emits messages that the client sent before it received the close frame.
  if (!api.connections.has(connection.id)) return;
  connection.lastActiveAt = api.now();
  const routeKey = api.selectRouteKey(body);
  // A client cannot select the predefined routes by name (rule RT-09 in docs/api-gateway-rules.md).
  const route = (routeKey.startsWith("$") ? undefined : api.route(routeKey)) ?? api.route("$default");
  const event = messageEvent(api, connection, { routeKey: route?.key ?? routeKey, body });
  const { requestContext } = event;
  const { requestId } = requestContext;
  api.observe?.({
    kind: "received",
    connectionId: connection.id,
    requestId,
    routeKey: route?.key ?? routeKey,
    text: body,
  });
  const { status, error, body: response, integration } = await runRoute(api, route, event);
  finishRequest(api, requestContext, {
    status,
    integration,
    ...(error !== undefined && { error: { message: error } }),
  });
  const frame = error === undefined ? response : errorFrame(error, connection, requestContext);
  if (frame === undefined || !api.connections.has(connection.id)) return;
  api.observe?.({ kind: "sent", connectionId: connection.id, requestId, isError: error !== undefined, text: frame });
  send(connection, frame, api.now());
}

interface MessageOutcome {
  /** The corresponding HTTP status, for the access log. */
  readonly status: number;
  /** The frame for the client. */
  readonly body?: string;
  /** The message of an error frame. */
  readonly error?: string;
  readonly integration?: IntegrationLogFields | undefined;
}

function runRoute(
  api: Api,
  route: Route | undefined,
  event: GatewayEvent & { readonly body: string },
): MessageOutcome | Promise<MessageOutcome> {
  if (!api.throttle.admits(route?.key)) return { status: 429, error: "Too Many Requests" };
  if (!route?.integrate) return { status: 403, error: "Forbidden" };
  if (!route.isValid(event.body)) return { status: 400, error: "Invalid request body" };
  return route
    .integrate(event)
    .then((outcome) => ({ ...messageOutcomeOf(route, outcome), integration: outcome.integration }));
}

/**
 * The client receives errors of API Gateway in any case (ER-07), and the result only through a route response (RR-01).
 */
function messageOutcomeOf({ hasRouteResponse }: Route, outcome: IntegrationOutcome): MessageOutcome {
  switch (outcome.kind) {
    case "failed":
    case "not-permitted":
      return { status: 500, error: "Internal server error" };
    case "timeout":
      return { status: 504, error: "Endpoint request timed out" };
    case "empty":
      return { status: 200 };
    case "result":
      // The status code of the function is ignored (RR-03). A missing body is an empty frame (RR-04).
      return { status: 200, ...(hasRouteResponse && { body: decodedBody(outcome.result) }) };
  }
}

/** RR-07. */
const decodedBody = ({ body, isBase64Encoded }: ProxyResult): string =>
  isBase64Encoded ? Buffer.from(body ?? "", "base64").toString() : (body ?? "");

/** The whitespace is that of API Gateway (ER-01). */
const errorFrame = (message: string, { id }: OpenConnection, { requestId }: GatewayEvent["requestContext"]): string =>
  `{"message": "${message}", "connectionId":"${id}", "requestId":"${requestId}"}`;
