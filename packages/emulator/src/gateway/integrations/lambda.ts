import type { Invocation } from "../../lambda/execution-environment.ts";
import type { LambdaFunction } from "../../lambda/function.ts";
import type { GatewayEvent } from "../events.ts";
import type { BackendRequest, BackendResponse } from "./mapping.ts";

/** The result of a function behind a proxy integration. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/**
 * The outcome of an integration. `empty`: the function returned nothing, which is valid for a message (RR-06).
 * `not-permitted`: the resource policy of the function does not allow API Gateway to invoke it (HS-25).
 */
export type IntegrationOutcome =
  | { readonly kind: "result"; readonly result: ProxyResult }
  | { readonly kind: "empty" | "failed" | "timeout" | "not-permitted" };

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
): Promise<IntegrationOutcome> => lambda.invoke(event, requestId).then(proxyOutcomeOf);

function proxyOutcomeOf(invocation: Invocation): IntegrationOutcome {
  if (!("payload" in invocation)) return { kind: "failed" };
  if (invocation.payload === null) return { kind: "empty" };
  const result = parseProxyResult(invocation.payload);
  return result ? { kind: "result", result } : { kind: "failed" };
}

const INVOCATION_TYPE = "x-amz-invocation-type";

/**
 * Invokes a function with the output of the request template. Undefined if the output is not JSON, or if Lambda
 * throttles.
 */
export async function invokeLambda(
  lambda: LambdaFunction,
  { body, parameters }: BackendRequest,
  requestId: string,
): Promise<BackendResponse | undefined> {
  const payload = parse(body);
  if (payload === undefined) return undefined;
  if (isEvent(parameters.header)) {
    lambda.invokeAsync(payload);
    return { selector: "", status: 202, body: "" };
  }
  const invocation = await lambda.invoke(payload, requestId);
  if ("throttled" in invocation) return undefined;
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
