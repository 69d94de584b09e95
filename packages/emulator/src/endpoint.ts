import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Contain } from "./boundary.ts";
import type { AllowsHost } from "./callers.ts";
import { EVENTS_TARGET } from "./event-bridge/put-events.ts";
import type { ServiceHandler, ServiceResponse } from "./http-server.ts";
import { answerFailure, LOOPBACK, listen, readBody } from "./http-server.ts";
import { TARGET } from "./secrets-manager/api.ts";

export interface EndpointOptions {
  readonly services: Services;
  /** Receives an explanation of each request that is not supported. */
  readonly report: (sentence: string) => void;
  readonly contain: Contain;
}

/** The keys are the names of the services in request signatures. */
export interface Services {
  readonly dynamodb: ServiceHandler;
  readonly lambda: ServiceHandler;
  readonly secretsmanager: ServiceHandler;
  /** EventBridge. */
  readonly events: ServiceHandler;
}

/**
 * Opens the endpoint of all services except `@connections`. Requests wait until `serveEndpoint` is called.
 */
export async function openEndpoint(allowsHost: AllowsHost): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  const port = await listen(server, 0, allowsHost);
  return { server, url: `http://${LOOPBACK}:${port}` };
}

/** Passes requests to their service. Refuses requests to services that are not supported. */
export function serveEndpoint(server: Server, options: EndpointOptions): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response, options);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, options: EndpointOptions): Promise<void> {
  const succeeded = await options.contain("answer a request to a service", async () => {
    const result = await respond(request, options).catch((fault) => {
      // A caller that aborts its request gets no response.
      if (request.complete) throw fault;
    });
    if (result) response.writeHead(result.status, result.headers).end(result.body);
  });
  if (!succeeded) answerFailure(response);
  else if (!response.writableEnded) response.destroy();
}

async function respond(request: IncomingMessage, { services, report }: EndpointOptions): Promise<ServiceResponse> {
  const { method = "", url: path = "", headers } = request;
  const name = serviceOf(request);
  if (!isSupported(services, name)) return refuse(name, report);
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  return services[name]({ method, path, headers, body });
}

/**
 * The signature contains the name of the service. An unsigned request goes to the service that it resembles, which
 * refuses it.
 */
function serviceOf({ headers }: IncomingMessage): string {
  const [, signedName] = /Credential=[^/]*\/[^/]*\/[^/]*\/([\w-]+)\//.exec(headers.authorization ?? "") ?? [];
  if (signedName !== undefined) return signedName;
  const target = String(headers["x-amz-target"]);
  if (target.startsWith(EVENTS_TARGET)) return "events";
  return target.startsWith(TARGET) ? "secretsmanager" : "lambda";
}

const isSupported = (services: Services, name: string): name is keyof Services => Object.hasOwn(services, name);

function refuse(service: string, report: EndpointOptions["report"]): ServiceResponse {
  const message = `The emulator does not support the service ${service}. It supports execute-api, dynamodb, events, lambda and secretsmanager.`;
  report(message);
  return {
    status: 501,
    headers: { "Content-Type": "application/json", "x-amzn-ErrorType": "NotImplementedException" },
    body: JSON.stringify({ message }),
  };
}
