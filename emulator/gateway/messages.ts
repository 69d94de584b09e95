import type { RouteConfig } from "../terraform/routes.ts";
import type { Api } from "./api.ts";
import { type OpenConnection, send } from "./connection.ts";
import { messageEvent } from "./events.ts";
import type { IntegrationOutcome } from "./integration.ts";

/** Takes one text message: selects its route, calls the function, sends what is to be sent back. */
export async function onMessage(api: Api, connection: OpenConnection, body: string): Promise<void> {
  connection.lastActiveAt = api.now();
  const routeKey = api.selectRouteKey(body);
  // The client cannot run API Gateway's own routes by naming them (RT-09).
  const route = (routeKey.startsWith("$") ? undefined : api.route(routeKey)) ?? api.route("$default");
  const event = messageEvent(api, connection, { routeKey: route?.key ?? routeKey, body });
  const reply = (text: string) => send(connection, text, api.now());
  const { requestId } = event.requestContext;
  if (!route) return reply(errorFrame("Forbidden", { connection, requestId }));
  const answer = answerOf(route, await api.integrate(route, event));
  if (!answer || !api.connections.has(connection.id)) return;
  reply("error" in answer ? errorFrame(answer.error, { connection, requestId }) : answer.body);
}

type Answer = { readonly body: string } | { readonly error: string };

/** Nothing goes back without a route response but the gateway's own errors (RR-01, ER-07). */
function answerOf({ hasRouteResponse }: RouteConfig, outcome: IntegrationOutcome): Answer | undefined {
  switch (outcome.kind) {
    case "failed":
      return { error: "Internal server error" };
    case "timeout":
      return { error: "Endpoint request timed out" };
    case "silent":
      return undefined;
    case "result":
      // A missing body is an empty frame, and the status is nobody's (RR-03, RR-04).
      return hasRouteResponse ? { body: outcome.result.body ?? "" } : undefined;
  }
}

/** Byte for byte as API Gateway spaces it (ER-01). */
const errorFrame = (
  message: string,
  { connection, requestId }: { readonly connection: OpenConnection; readonly requestId: string },
): string => `{"message": "${message}", "connectionId":"${connection.id}", "requestId":"${requestId}"}`;
