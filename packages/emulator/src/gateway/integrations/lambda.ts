import type { Invocation } from "../../lambda/execution-environment.ts";
import type { LambdaFunction } from "../../lambda/function.ts";
import type { GatewayEvent } from "../events.ts";
import type { BackendRequest, BackendResponse } from "./mapping.ts";
import type { IntegrationFailure, IntegrationOutcome, ProxyResult } from "./outcome.ts";

const THROTTLED: IntegrationFailure = { error: "Lambda invocation failed with status: 429", serviceStatus: 429 };

/** https://repost.aws/knowledge-center/malformed-502-api-gateway */
const MALFORMED: IntegrationFailure = {
  error: "Execution failed due to configuration error: Malformed Lambda proxy response",
};

const NOT_JSON: IntegrationFailure = {
  error: "Lambda invocation failed with status: 400. Could not parse request body into json",
  serviceStatus: 400,
};

const functionError = (message: string, requestId: string): IntegrationFailure => ({
  error: `Lambda execution failed with status 200 due to customer function error: ${message}. Lambda request id: ${requestId}`,
});

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<keyof ProxyResult, (value: unknown) => boolean>> = {
  statusCode: Number.isInteger,
  headers: isRecord,
  multiValueHeaders: isRecord,
  body: (value) => typeof value === "string",
  isBase64Encoded: (value) => typeof value === "boolean",
};

/** Undefined if API Gateway rejects the payload as malformed. An unknown key makes it malformed (RR-05). */
export function parseProxyResult(payload: unknown): ProxyResult | undefined {
  if (!isRecord(payload) || !Object.hasOwn(payload as object, "statusCode")) return undefined;
  const isWellFormed = Object.entries(payload as object).every(
    ([name, value]) => Object.hasOwn(CHECKS, name) && (value === null || CHECKS[name as keyof ProxyResult](value)),
  );
  return isWellFormed ? (payload as ProxyResult) : undefined;
}

/** Invokes a function with the whole event, and parses its result as API Gateway does. */
export const proxyToLambda = (
  lambda: LambdaFunction,
  event: GatewayEvent,
  requestId: string,
): Promise<IntegrationOutcome> =>
  lambda.invoke(event, requestId).then((invocation) => proxyOutcomeOf(invocation, requestId));

function proxyOutcomeOf(invocation: Invocation, requestId: string): IntegrationOutcome {
  if ("throttled" in invocation) return { kind: "failed", ...THROTTLED };
  if ("error" in invocation) return { kind: "failed", ...functionError(invocation.error.errorMessage, requestId) };
  if (invocation.payload === null) return { kind: "empty" };
  const result = parseProxyResult(invocation.payload);
  return result ? { kind: "result", result } : { kind: "failed", ...MALFORMED };
}

const INVOCATION_TYPE = "x-amz-invocation-type";

/** Invokes a function with the output of the request template. Fails if the output is not JSON, or if Lambda throttles. */
export async function invokeLambda(
  lambda: LambdaFunction,
  { body, parameters }: BackendRequest,
  requestId: string,
): Promise<BackendResponse | IntegrationFailure> {
  const payload = parse(body);
  if (payload === undefined) return NOT_JSON;
  if (isEvent(parameters.header)) {
    lambda.invokeAsync(payload);
    return { selector: "", status: 202, body: "" };
  }
  const invocation = await lambda.invoke(payload, requestId);
  if ("throttled" in invocation) return THROTTLED;
  const response = "error" in invocation ? invocation.error : invocation.payload;
  const selector = String((response as { errorMessage?: unknown } | null)?.errorMessage ?? "");
  return { selector, status: 200, body: JSON.stringify(response) };
}

/** Whether the integration invokes the function asynchronously (IN-11). */
const isEvent = (headers: Readonly<Record<string, string>>): boolean =>
  Object.entries(headers).some(([name, value]) => name.toLowerCase() === INVOCATION_TYPE && value === "Event");

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
