import type { RequestContext } from "./events.ts";
import { contextVariable } from "./identity.ts";

/** What a line of the access log says beyond the event's own context. */
export interface AccessFacts {
  /** As HTTP would have it. */
  readonly status: number;
  readonly error?: { readonly message: string };
  readonly integration?: IntegrationFacts | undefined;
}

export interface IntegrationFacts {
  /** What the backend itself said; a function, in its result. */
  readonly status: number | undefined;
  /** What the service in front of it said: Lambda says 200 of a function that throws. */
  readonly serviceStatus: number | undefined;
  /** Milliseconds. */
  readonly latency: number;
}

/**
 * Fills in a stage's access log format. A variable without a value is `-`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export function renderAccess(format: string, requestContext: RequestContext, facts: AccessFacts): string {
  const { integration, error } = facts;
  const context = {
    ...requestContext,
    ...facts,
    ...(error && { error: { ...error, messageString: JSON.stringify(error.message) } }),
    ...(integration && { integrationLatency: integration.latency, integrationStatus: integration.serviceStatus }),
  };
  return format.replaceAll(/\$context\.([\w.]*\w)/g, (_, path: string) => textOf(contextVariable(context, path)));
}

const textOf = (value: unknown): string => (value === undefined || typeof value === "object" ? "-" : String(value));
