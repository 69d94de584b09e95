import type { IntegrationFacts } from "./access-log.ts";
import type { Api, Route } from "./api.ts";
import { type OpenConnection, send } from "./connection.ts";
import { type GatewayEvent, messageEvent } from "./events.ts";
import type { IntegrationOutcome, ProxyResult } from "./integrations/proxy-result.ts";

/** Takes one text message: selects its route, calls the function, sends what is to be sent back. */
export async function onMessage(api: Api, connection: OpenConnection, body: string): Promise<void> {
  // ws hands on what a client sent before it read our close frame.
  if (!api.connections.has(connection.id)) return;
  connection.lastActiveAt = api.now();
  const routeKey = api.selectRouteKey(body);
  // The client cannot run API Gateway's own routes by naming them (RT-09).
  const route = (routeKey.startsWith("$") ? undefined : api.route(routeKey)) ?? api.route("$default");
  const event = messageEvent(api, connection, { routeKey: route?.key ?? routeKey, body });
  const { requestContext } = event;
  const { status, error, body: answer, integration } = await answerTo(api, route, event);
  api.logAccess(requestContext, { status, integration, ...(error !== undefined && { error: { message: error } }) });
  const frame = error === undefined ? answer : errorFrame(error, connection, requestContext);
  if (frame !== undefined && api.connections.has(connection.id)) send(connection, frame, api.now());
}

/** What a message came to: a frame of the function's, an error of the gateway's, or nothing to send. */
interface Answer {
  /** As HTTP would have it, for the access log. */
  readonly status: number;
  readonly body?: string;
  readonly error?: string;
  readonly integration?: IntegrationFacts | undefined;
}

async function answerTo(api: Api, route: Route | undefined, event: GatewayEvent & { body: string }): Promise<Answer> {
  if (!api.throttle.admits(route?.key)) return { status: 429, error: "Too Many Requests" };
  if (!route?.integrate) return { status: 403, error: "Forbidden" };
  if (!route.validate(event.body)) return { status: 400, error: "Invalid request body" };
  const outcome = await route.integrate(event);
  return { ...answerOf(route, outcome), integration: outcome.integration };
}

/** Nothing goes back without a route response but the gateway's own errors (RR-01, ER-07). */
function answerOf({ hasRouteResponse }: Route, outcome: IntegrationOutcome): Answer {
  switch (outcome.kind) {
    case "failed":
    case "not-permitted":
      return { status: 500, error: "Internal server error" };
    case "timeout":
      return { status: 504, error: "Endpoint request timed out" };
    case "silent":
      return { status: 200 };
    case "result":
      // A missing body is an empty frame, and the function's status is nobody's (RR-03, RR-04).
      return { status: 200, ...(hasRouteResponse && { body: bodyOf(outcome.result) }) };
  }
}

/** RR-07. */
const bodyOf = ({ body, isBase64Encoded }: ProxyResult): string =>
  isBase64Encoded ? Buffer.from(body ?? "", "base64").toString() : (body ?? "");

/** Byte for byte as API Gateway spaces it (ER-01). */
const errorFrame = (message: string, { id }: OpenConnection, { requestId }: GatewayEvent["requestContext"]): string =>
  `{"message": "${message}", "connectionId":"${id}", "requestId":"${requestId}"}`;
