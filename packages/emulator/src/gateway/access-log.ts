import type { AnsweredEvent } from "../inspector/events.ts";
import type { RequestContext } from "./events.ts";
import { propertyAt } from "./selection-expression.ts";

/** Fields of an access log line that are not in the request context. */
export interface AccessLogFields {
  /** The HTTP status that corresponds to the outcome. */
  readonly status: number;
  readonly error?: { readonly message: string };
  readonly integration?: IntegrationLogFields | undefined;
}

export interface IntegrationLogFields {
  /** The status that the backend returned. For a function, the one in its result. */
  readonly status: number | undefined;
  /** The status of the service that runs the backend. Lambda returns 200 even if the function throws. */
  readonly serviceStatus: number | undefined;
  /** The request id of the invocation, for a function. */
  readonly requestId?: string | undefined;
  /** Milliseconds. */
  readonly latency: number;
}

/**
 * Fills in the access log format of a stage. A variable without a value is `-`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export function formatAccessLog(format: string, requestContext: RequestContext, fields: AccessLogFields): string {
  const { status, integration, error } = fields;
  const context = {
    ...requestContext,
    status,
    ...(error && { error: { ...error, messageString: JSON.stringify(error.message) } }),
    ...(integration && integrationVariables(integration)),
  };
  return format.replaceAll(/\$context\.([\w.]*\w)/g, (_, path: string) => textOf(propertyAt(context, path)));
}

/** What observers receive in place of a line. */
export const answeredEvent = (
  { connectionId, requestId, routeKey }: RequestContext,
  { status, error, integration }: AccessLogFields,
): AnsweredEvent => ({
  kind: "answered",
  connectionId: String(connectionId),
  requestId,
  routeKey: String(routeKey),
  status,
  error: error?.message,
  invocationId: integration?.requestId,
  milliseconds: integration?.latency,
});

/** Two of the variables have two names. */
const integrationVariables = ({ serviceStatus, ...integration }: IntegrationLogFields): object => ({
  integration: { ...integration, integrationStatus: serviceStatus },
  integrationLatency: integration.latency,
  integrationStatus: serviceStatus,
});

const textOf = (value: unknown): string => (value === undefined || typeof value === "object" ? "-" : String(value));
