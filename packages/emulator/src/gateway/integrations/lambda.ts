import type { LambdaFunction } from "../../lambda/function.ts";
import type { GatewayEvent } from "../events.ts";
import type { BackendRequest, BackendResponse } from "./mapping.ts";
import { type IntegrationOutcome, parseProxyResult } from "./proxy-result.ts";

/** Invokes a function with the whole event, and parses its result as API Gateway does. */
export async function proxyToLambda(lambda: LambdaFunction, event: GatewayEvent): Promise<IntegrationOutcome> {
  const invocation = await lambda.invoke(event);
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
): Promise<BackendResponse | undefined> {
  const payload = parse(body);
  if (payload === undefined) return undefined;
  if (isEvent(parameters.header)) {
    lambda.invokeAsync(payload);
    return { selector: "", status: 202, body: "" };
  }
  const invocation = await lambda.invoke(payload);
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
