import { containedLines } from "../boundary.ts";
import type { AnsweredEvent, Report } from "../inspector/events.ts";
import type { Log } from "../lambda/log.ts";
import type { Stack } from "../terraform/stack.ts";
import type { RequestContext } from "./events.ts";
import { propertyAt } from "./selection-expression.ts";

interface AccessLogSetup {
  readonly logAccess: ((line: string) => void) | undefined;
  /** An update replaces the stack. */
  readonly deployment: { stack: Pick<Stack, "stage"> };
  readonly log: Log;
  readonly report: Report;
}

/** Without a writer, the lines go to the log, with the destination that the stage has now as their source. */
export function accessLog({ logAccess, deployment, log, report }: AccessLogSetup): (line: string) => void {
  const writeToLog = (message: string): void => {
    const source = deployment.stack.stage.accessLog?.destination ?? "";
    log({ source, timestamp: new Date().toISOString(), level: "INFO", requestId: undefined, message });
  };
  return containedLines("access log", logAccess ?? writeToLog, report);
}

/** Fields of an access log line that are not in the request context. */
export interface AccessLogFields {
  /** The HTTP status that corresponds to the outcome. */
  readonly status: number;
  /** An error of API Gateway. A status that the function of `$connect` returns is not one. */
  readonly error?: { readonly message: string };
  readonly integration?: IntegrationLogFields | undefined;
  readonly authorization?: AuthorizationLogFields | undefined;
}

/** One step of the authorization of a handshake. Latencies are in milliseconds. */
interface AuthorizationStep {
  /** The status that corresponds to the outcome of the step. */
  readonly status: number;
  readonly latency: number;
  readonly error?: string;
}

export interface AuthorizationLogFields {
  /** The function of an authorizer. */
  readonly authorizer?: AuthorizationStep & {
    /** The status of Lambda, which is 200 even if the function throws. */
    readonly integrationStatus: number;
    readonly integrationLatency: number;
    readonly requestId: string;
  };
  /** The signature of the handshake. */
  readonly authenticate?: AuthorizationStep;
  /** The policy of the authorizer or of the principal that signed. */
  readonly authorize?: AuthorizationStep;
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
  readonly error?: string | undefined;
}

/**
 * Fills in the access log format of a stage. A variable without a value is `-`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export function formatAccessLog(format: string, requestContext: RequestContext, fields: AccessLogFields): string {
  const { status, integration, error, authorization } = fields;
  const context = {
    ...requestContext,
    status,
    ...(error && { error: errorVariables(error.message, integration) }),
    ...(integration && integrationVariables(integration)),
    ...authorization,
    authorizer: { ...(requestContext.authorizer as object | undefined), ...authorization?.authorizer },
  };
  return format.replaceAll(/\$context\.([\w.]*\w)/g, (_, path: string) => textOf(propertyAt(context, path)));
}

/** Response types by their default messages. https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const RESPONSE_TYPES: Readonly<Record<string, string>> = {
  "Too Many Requests": "THROTTLED",
  "Invalid request body": "BAD_REQUEST_BODY",
  "Endpoint request timed out": "INTEGRATION_TIMEOUT",
  Unauthorized: "UNAUTHORIZED",
  Forbidden: "ACCESS_DENIED",
};

/** The response type of an internal error depends on what failed: the integration, or the authorizer before it. */
const errorVariables = (message: string, integration: IntegrationLogFields | undefined): object => ({
  message,
  messageString: JSON.stringify(message),
  responseType: RESPONSE_TYPES[message] ?? (integration ? "INTEGRATION_FAILURE" : "AUTHORIZER_FAILURE"),
});

/** What observers receive instead of a line. */
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
