import { randomUUID } from "node:crypto";
import type { LambdaFunction } from "../../lambda/function.ts";
import type { HttpTarget, IntegrationConfig, MappingConfig } from "../../terraform/integrations.ts";
import type { IntegrationLogFields } from "../access-log.ts";
import type { GatewayEvent } from "../events.ts";
import { type IntegrationOutcome, invokeLambda, proxyToLambda } from "./lambda.ts";
import { type BackendRequest, type BackendResponse, compileMapping, sendHttp } from "./mapping.ts";

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
        const status = outcome.kind === "result" ? outcome.result.statusCode : undefined;
        const serviceStatus = isFunction && outcome.kind !== "timeout" ? 200 : status;
        const latency = Math.round(performance.now() - startedAt);
        const { requestId } = options;
        resolve({ ...outcome, integration: { status, serviceStatus, latency, ...(isFunction && { requestId }) } });
      };
      // After the timeout, a function continues to run, and its result is lost (ER-10).
      const timer = setTimeout(() => {
        end({ kind: "timeout" });
        options.controller?.abort();
      }, config.timeoutMilliseconds);
      attempt(event, options).then(end, (fault) => {
        clearTimeout(timer);
        reject(fault);
      });
    });
}

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

type Backend = (request: BackendRequest, options: AttemptOptions) => Promise<BackendResponse | undefined>;

/**
 * A non-proxy integration maps the request by templates and parameters, and the response by integration responses
 * (RR-09).
 */
function withMapping(config: MappingConfig, backend: Backend): Attempt {
  const mapping = compileMapping(config);
  return async (event, options) => {
    const request = mapping.request(event);
    const response = request && (await backend(request, options));
    const body = response && mapping.response(response, event);
    if (!response || body === undefined) return { kind: "failed" };
    return { kind: "result", result: { statusCode: response.status, body } };
  };
}

function proxyToHttp(config: HttpTarget & { readonly mapping: MappingConfig }): Attempt {
  const mapping = compileMapping(config.mapping);
  return async (event, options) => {
    const request = mapping.request(event);
    const response = request && (await sendHttp(config, request, signalOf(options)));
    if (!response) return { kind: "failed" };
    return { kind: "result", result: { statusCode: response.status, body: response.body } };
  };
}

/** The request template of a MOCK integration renders its response, such as `{"statusCode": 200}` (IN-07). */
function mockResponse({ body }: BackendRequest): BackendResponse | undefined {
  const status = statusCodeIn(body);
  return Number.isInteger(status) ? { selector: String(status), status: status as number, body } : undefined;
}

function statusCodeIn(body: string): unknown {
  try {
    return JSON.parse(body)?.statusCode;
  } catch {
    return undefined;
  }
}
