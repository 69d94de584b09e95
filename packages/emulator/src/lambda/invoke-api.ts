import { randomUUID } from "node:crypto";
import type { ServiceHandler, ServiceRequest, ServiceResponse } from "../http-server.ts";
import type { Guard } from "../iam/guard.ts";
import type { Place } from "../terraform/computed.ts";
import type { Invocation } from "./execution-environment.ts";
import type { LambdaFunction } from "./function.ts";
import { accessOf, targetOf } from "./invoke-request.ts";

export interface InvokeApiOptions extends Place {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
}

/** Largest payload in bytes, by invocation type. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_BYTES_MAX: Readonly<Record<string, number>> = {
  RequestResponse: 6_291_456,
  Event: 1_048_576,
  DryRun: 6_291_456,
};

/** Headers that are not supported, with the value that has no effect. */
const UNSUPPORTED_HEADERS: Readonly<Record<string, string>> = {
  "x-amz-client-context": "",
  "x-amz-durable-execution-name": "",
  "x-amz-log-type": "None",
  "x-amz-tenant-id": "",
};

/** Handles requests to Lambda. Refuses callers that do not have the permission to invoke the function. */
export const lambdaService =
  ({ guard, ...options }: InvokeApiOptions & { readonly guard: Guard }): ServiceHandler =>
  (request) => {
    const access = accessOf(request, options);
    const verdict = guard(request, access ? [access] : []);
    if ("principal" in verdict) return invokeApi(request, options);
    const { errorType, message } = verdict;
    const body = JSON.stringify(verdict.access ? { Message: message } : { message });
    return { status: 403, headers: { "Content-Type": "application/json", "x-amzn-ErrorType": errorType }, body };
  };

/**
 * Lambda's Invoke operation, without authentication: the caller has already checked IAM.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeApi(
  request: ServiceRequest,
  { functions, ...place }: InvokeApiOptions,
): Promise<ServiceResponse> {
  const target = targetOf(request, place);
  if (!target) return refuse(400, "UnsupportedOperationException", { Message: unsupportedMessage(request) });
  const lambda = functions.get(target.name);
  const exists = lambda !== undefined && [lambda.config.arn, `${lambda.config.arn}:$LATEST`].includes(target.arn);
  if (!exists) return refuse(404, "ResourceNotFoundException", { Message: `Function not found: ${target.arn}` });
  return checkRequest(request) ?? run(lambda, request);
}

/** Returns the refusal of a request that is invalid or not supported. */
function checkRequest({ headers, body }: ServiceRequest): ServiceResponse | undefined {
  const type = invocationType(headers);
  const limit = Object.hasOwn(PAYLOAD_BYTES_MAX, type) ? PAYLOAD_BYTES_MAX[type] : undefined;
  if (limit === undefined) {
    const Message = `The invocation type is "${type}"; it must be one of ${Object.keys(PAYLOAD_BYTES_MAX).join(", ")}.`;
    return refuse(400, "InvalidParameterValueException", { Message });
  }
  const unsupported = Object.entries(UNSUPPORTED_HEADERS).find(([name, none]) => (headers[name] ?? none) !== none);
  if (unsupported) {
    const Message = `The emulator does not support the header ${unsupported[0]}. Remove it from the request.`;
    return refuse(400, "InvalidParameterValueException", { Message });
  }
  if (body.length > limit) {
    const Message = `${body.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`;
    return refuse(413, "RequestEntityTooLargeException", { Message });
  }
  return undefined;
}

async function run(lambda: LambdaFunction, { headers, body }: ServiceRequest): Promise<ServiceResponse> {
  const event = parse(body);
  if ("reason" in event) {
    const message = `Could not parse request body into json: ${event.reason}`;
    return refuse(400, "InvalidRequestContentException", { message });
  }
  const type = invocationType(headers);
  if (type === "DryRun") return respond(204, randomUUID());
  if (type === "Event") return respond(202, lambda.invokeAsync(event.payload));
  const requestId = randomUUID();
  return responseTo(await lambda.invoke(event.payload, requestId), requestId);
}

function responseTo(invocation: Invocation, requestId: string): ServiceResponse {
  if ("throttled" in invocation) {
    const Reason = "ReservedFunctionConcurrentInvocationLimitExceeded";
    return refuse(429, "TooManyRequestsException", { Reason, message: "Rate Exceeded." });
  }
  const headers = { "X-Amz-Executed-Version": "$LATEST", "Content-Type": "application/json" };
  const failure = { ...headers, "X-Amz-Function-Error": "Unhandled" };
  return "error" in invocation
    ? { ...respond(200, requestId, failure), body: JSON.stringify(invocation.error) }
    : { ...respond(200, requestId, headers), body: JSON.stringify(invocation.payload) };
}

const invocationType = (headers: ServiceRequest["headers"]): string =>
  String(headers["x-amz-invocation-type"] ?? "RequestResponse");

/** A missing body is an empty event. */
function parse(body: Buffer): { readonly payload: unknown } | { readonly reason: string } {
  try {
    return { payload: body.length === 0 ? {} : JSON.parse(body.toString("utf8")) };
  } catch (fault) {
    return { reason: (fault as Error).message };
  }
}

const respond = (status: number, requestId: string, headers: ServiceResponse["headers"] = {}): ServiceResponse => ({
  status,
  headers: { "x-amzn-RequestId": requestId, ...headers },
  body: "",
});

const refuse = (status: number, errorType: string, body: object): ServiceResponse => ({
  ...respond(status, randomUUID(), { "Content-Type": "application/json", "x-amzn-ErrorType": errorType }),
  body: JSON.stringify({ Type: "User", ...body }),
});

const unsupportedMessage = ({ method, path }: ServiceRequest): string =>
  `The emulator does not support ${method} ${path}. It supports only POST /2015-03-31/functions/{name or ARN}/invocations.`;
