import { isObject } from "../../iam/document.ts";
import type { Invocation } from "../execution-environment.ts";

export interface UrlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

const JSON_TYPE = { "content-type": "application/json" };

/**
 * The response to a request, from the result of the function. A result without `statusCode` is the body of a 200.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 */
export function responseOf(invocation: Invocation): UrlResponse {
  if ("throttled" in invocation) {
    const Reason = "ReservedFunctionConcurrentInvocationLimitExceeded";
    return refusal(429, "TooManyRequestsException", { Reason, Type: "User", message: "Rate Exceeded." });
  }
  if ("error" in invocation) return BAD_GATEWAY;
  const { payload } = invocation;
  if (!isObject(payload) || !("statusCode" in payload)) {
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify(payload) };
  }
  return customResponse(payload) ?? BAD_GATEWAY;
}

/** Undefined if the result is not a response. */
function customResponse(result: Readonly<Record<string, unknown>>): UrlResponse | undefined {
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = result;
  const isResponse =
    isStatus(statusCode) &&
    isObject(headers) &&
    Object.values(headers).every(isScalar) &&
    Array.isArray(cookies) &&
    typeof body === "string";
  if (!isResponse) return undefined;
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: {
      ...JSON_TYPE,
      ...Object.fromEntries(own),
      ...(cookies.length > 0 && { "set-cookie": cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(body, "base64") : body,
  };
}

const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;

const isScalar = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

/** A response that Lambda itself sends. */
export const refusal = (status: number, errorType: string, body: object): UrlResponse => ({
  status,
  headers: { ...JSON_TYPE, "x-amzn-errortype": errorType },
  body: JSON.stringify(body),
});

/** For errors of the function, and for results that are not responses. */
const BAD_GATEWAY: UrlResponse = { status: 502, headers: JSON_TYPE, body: "Internal Server Error" };
