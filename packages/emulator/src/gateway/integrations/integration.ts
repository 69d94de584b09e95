import type { LambdaFunction } from "../../lambda/function.ts";
import type { HttpTarget, IntegrationConfig, MappingConfig } from "../../terraform/integrations.ts";
import type { IntegrationFacts } from "../access-log.ts";
import type { GatewayEvent } from "../events.ts";
import { askHttp } from "./http.ts";
import { askLambda, proxyToLambda } from "./lambda.ts";
import { type BackendAnswer, type BackendRequest, mappingOf } from "./mapping.ts";
import { answerMock } from "./mock.ts";
import type { IntegrationOutcome } from "./proxy-result.ts";

/** An outcome with the fields that the access log has about the integration. */
export type Integrated = IntegrationOutcome & { readonly integration?: IntegrationFacts };

/** Runs the integration of a route with an event. */
export type Integrate = (event: GatewayEvent) => Promise<Integrated>;

type FunctionOf = (name: string) => LambdaFunction;

type Ask = (event: GatewayEvent, signal: AbortSignal) => Promise<IntegrationOutcome>;

/** Prepares an integration. Throws if the emulator does not support it. */
export function integrationOf(config: IntegrationConfig, functionOf: FunctionOf): Integrate {
  const ask = askOf(config, functionOf);
  return async (event) => {
    const begun = performance.now();
    const outcome = await inTime(config.timeoutMilliseconds, (signal) => ask(event, signal));
    const status = outcome.kind === "result" ? outcome.result.statusCode : undefined;
    const serviceStatus = "functionName" in config && outcome.kind !== "timeout" ? 200 : status;
    return { ...outcome, integration: { status, serviceStatus, latency: Math.round(performance.now() - begun) } };
  };
}

/** After the timeout, a function continues to run, and its result is lost (ER-10). */
async function inTime(
  milliseconds: number,
  ask: (signal: AbortSignal) => Promise<IntegrationOutcome>,
): Promise<IntegrationOutcome> {
  const aborting = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<IntegrationOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "timeout" }), milliseconds);
  });
  const outcome = await Promise.race([ask(aborting.signal), timeout]);
  clearTimeout(timer);
  if (outcome.kind === "timeout") aborting.abort();
  return outcome;
}

function askOf(config: IntegrationConfig, functionOf: FunctionOf): Ask {
  switch (config.type) {
    case "AWS_PROXY": {
      const lambda = functionOf(config.functionName);
      return (event) => proxyToLambda(lambda, event);
    }
    case "AWS": {
      const lambda = functionOf(config.functionName);
      return mapped(config.mapping, (request) => askLambda(lambda, request));
    }
    case "HTTP_PROXY":
      return proxyToHttp(config);
    case "HTTP":
      return mapped(config.mapping, (request, signal) => askHttp(config, request, signal));
    case "MOCK":
      return mapped(config.mapping, async (request) => answerMock(request));
  }
}

type AskBackend = (request: BackendRequest, signal: AbortSignal) => Promise<BackendAnswer | undefined>;

/** A non-proxy integration: maps the request with templates and parameters, and the result with integration responses (RR-09). */
function mapped(config: MappingConfig, askBackend: AskBackend): Ask {
  const { request, response } = mappingOf(config);
  return async (event, signal) => {
    const asked = request(event);
    const answer = asked && (await askBackend(asked, signal));
    const body = answer && response(answer, event);
    if (!answer || body === undefined) return { kind: "failed" };
    return { kind: "result", result: { statusCode: answer.status, body } };
  };
}

function proxyToHttp(config: HttpTarget & { readonly mapping: MappingConfig }): Ask {
  const { request } = mappingOf(config.mapping);
  return async (event, signal) => {
    const asked = request(event);
    const answer = asked && (await askHttp(config, asked, signal));
    if (!answer) return { kind: "failed" };
    return { kind: "result", result: { statusCode: answer.status, body: answer.body } };
  };
}
