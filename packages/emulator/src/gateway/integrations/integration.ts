import { randomUUID } from "node:crypto";
import type { LambdaFunction } from "../../lambda/function.ts";
import type { HttpTarget, IntegrationConfig, MappingConfig } from "../../terraform/integrations.ts";
import type { IntegrationLogFields } from "../access-log.ts";
import type { GatewayEvent } from "../events.ts";
import { invokeLambda, proxyToLambda } from "./lambda.ts";
import { type BackendRequest, type BackendResponse, compileMapping, sendHttp } from "./mapping.ts";
import type { IntegrationFailure, IntegrationOutcome } from "./outcome.ts";

/** Runs the integration of a route with an event. Also returns the integration's fields of the access log. */
export type Integrate = (
  event: GatewayEvent,
) => Promise<IntegrationOutcome & { readonly integration?: IntegrationLogFields }>;

type FunctionLookup = (name: string) => LambdaFunction;

interface AttemptOptions {
  /** The request id of the invocation, if the backend is a function. */
  readonly requestId: string;
  /** Only backends that can be aborted set it, because a controller costs more than the rest of an attempt. */
  controller?: AbortController;
}

/** One attempt, without the timeout. */
type Attempt = (event: GatewayEvent, options: AttemptOptions) => Promise<IntegrationOutcome>;

/** Creates the integration of a route. Throws if the emulator does not support it. */
export function createIntegration(config: IntegrationConfig, functionOf: FunctionLookup): Integrate {
  const attempt = attemptOf(config, functionOf);
  const isFunction = "functionName" in config;
  return (event) =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const options: AttemptOptions = { requestId: randomUUID() };
      const end = (outcome: IntegrationOutcome): void => {
        clearTimeout(timer);
        const { requestId } = options;
        const latency = Math.round(performance.now() - startedAt);
        const integration = { ...statusesOf(outcome, isFunction), latency, ...(isFunction && { requestId }) };
        resolve({ ...outcome, integration });
      };
      // After the timeout, a function continues to run, and its result is lost (rule ER-10 in docs/api-gateway-rules.md).
      const timer = setTimeout(() => {
        end({ kind: "timeout", error: "Execution failed due to a timeout error" });
        options.controller?.abort();
      }, config.timeoutMilliseconds);
      attempt(event, options).then(end, (fault) => {
        clearTimeout(timer);
        reject(fault);
      });
    });
}

function statusesOf(
  outcome: IntegrationOutcome,
  isFunction: boolean,
): Pick<IntegrationLogFields, "status" | "serviceStatus" | "error"> {
  const status = outcome.kind === "result" ? outcome.result.statusCode : undefined;
  const { error, serviceStatus }: Partial<IntegrationFailure> = "error" in outcome ? outcome : {};
  const byKind = isFunction && outcome.kind !== "timeout" ? 200 : status;
  return { status, serviceStatus: serviceStatus ?? byKind, error };
}

/** An integration that did not run, with the reason for the access log. */
export const notRun = (
  kind: "failed" | "not-permitted",
  error: string,
): IntegrationOutcome & { readonly integration: IntegrationLogFields } => ({
  kind,
  error,
  integration: { status: undefined, serviceStatus: kind === "not-permitted" ? 403 : undefined, latency: 0, error },
});

function attemptOf(config: IntegrationConfig, functionOf: FunctionLookup): Attempt {
  switch (config.type) {
    case "AWS_PROXY": {
      const lambda = functionOf(config.functionName);
      return (event, { requestId }) => proxyToLambda(lambda, event, requestId);
    }
    case "AWS": {
      const lambda = functionOf(config.functionName);
      return withMapping(config.mapping, (request, { requestId }) => invokeLambda(lambda, request, requestId));
    }
    case "HTTP_PROXY":
      return proxyToHttp(config);
    case "HTTP":
      return withMapping(config.mapping, (request, options) => sendHttp(config, request, signalOf(options)));
    case "MOCK":
      return withMapping(config.mapping, async (request) => mockResponse(request));
  }
}

function signalOf(options: AttemptOptions): AbortSignal {
  options.controller ??= new AbortController();
  return options.controller.signal;
}

type Backend = (request: BackendRequest, options: AttemptOptions) => Promise<BackendResponse | IntegrationFailure>;

const NO_REQUEST_TEMPLATE: IntegrationFailure = {
  error: "Execution failed: no request template matches the message, and the integration does not pass it through",
};
const NO_RESPONSE: IntegrationFailure = {
  error:
    "Execution failed due to configuration error: No match for output mapping and no default endpoint mapping configured",
};
const NO_STATUS: IntegrationFailure = {
  error: "Execution failed due to configuration error: Unable to transform request",
};

/**
 * A non-proxy integration maps the request by templates and parameters, and the response by integration responses
 * (RR-09).
 */
function withMapping(config: MappingConfig, backend: Backend): Attempt {
  const mapping = compileMapping(config);
  return async (event, options) => {
    const request = mapping.request(event);
    if (!request) return { kind: "failed", ...NO_REQUEST_TEMPLATE };
    const response = await backend(request, options);
    if ("error" in response) return { kind: "failed", ...response };
    const body = mapping.response(response, event);
    if (body === undefined) return { kind: "failed", ...NO_RESPONSE };
    return { kind: "result", result: { statusCode: response.status, body } };
  };
}

function proxyToHttp(config: HttpTarget & { readonly mapping: MappingConfig }): Attempt {
  const mapping = compileMapping(config.mapping);
  return async (event, options) => {
    const request = mapping.request(event);
    if (!request) return { kind: "failed", ...NO_REQUEST_TEMPLATE };
    const response = await sendHttp(config, request, signalOf(options));
    if ("error" in response) return { kind: "failed", ...response };
    return { kind: "result", result: { statusCode: response.status, body: response.body } };
  };
}

/** The request template of a MOCK integration renders its response, such as `{"statusCode": 200}` (IN-07). */
function mockResponse({ body }: BackendRequest): BackendResponse | IntegrationFailure {
  const status = statusCodeIn(body);
  return Number.isInteger(status) ? { selector: String(status), status: status as number, body } : NO_STATUS;
}

function statusCodeIn(body: string): unknown {
  try {
    return JSON.parse(body)?.statusCode;
  } catch {
    return undefined;
  }
}
