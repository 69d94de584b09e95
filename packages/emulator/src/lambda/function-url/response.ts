import { validateHeaderName, validateHeaderValue } from "node:http";
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

/** Headers of the connection, which Lambda sets itself. */
const OWN_HEADERS = ["connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"];

/** Undefined if the result is not a response. */
function customResponse(result: Readonly<Record<string, unknown>>): UrlResponse | undefined {
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = result;
  if (!isStatus(statusCode) || !isObject(headers) || !Array.isArray(cookies) || typeof body !== "string") {
    return undefined;
  }
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const all = [...own, ...cookies.map((cookie) => ["set-cookie", cookie] as const)];
  if (!all.every(([name, value]) => isHeader(name, value))) return undefined;
  return {
    status: statusCode,
    headers: {
      ...JSON_TYPE,
      ...Object.fromEntries(
        own.filter(([name]) => !OWN_HEADERS.includes(name)).map(([name, value]) => [name, String(value)]),
      ),
      ...(cookies.length > 0 && { "set-cookie": cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(body, "base64") : body,
  };
}

const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;

/** Whether Node.js can send a header: it throws for invalid names, and for characters such as line feeds. */
function isHeader(name: string, value: unknown): boolean {
  if (!["string", "number", "boolean"].includes(typeof value)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return true;
  } catch {
    return false;
  }
}

/** A response that Lambda itself sends. */
export const refusal = (status: number, errorType: string, body: object): UrlResponse => ({
  status,
  headers: { ...JSON_TYPE, "x-amzn-errortype": errorType },
  body: JSON.stringify(body),
});

/** For errors of the function, and for results that are not responses. */
const BAD_GATEWAY: UrlResponse = { status: 502, headers: JSON_TYPE, body: "Internal Server Error" };
