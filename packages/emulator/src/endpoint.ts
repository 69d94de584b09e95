import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import { LOOPBACK, listen } from "./listen.ts";
import { TARGET } from "./secrets-manager/api.ts";
import type { Service, ServiceResponse } from "./service.ts";

export interface EndpointOptions {
  readonly services: Services;
  /** Receives an explanation of each request that is not supported. */
  readonly report: (sentence: string) => void;
}

/** By their names in signatures. */
export interface Services {
  readonly lambda: Service;
  readonly secretsmanager: Service;
}

/** The endpoint of all services that have no endpoint of their own. It answers requests only after `serveEndpoint`. */
export async function openEndpoint(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  const port = await listen(server, 0);
  return { server, url: `http://${LOOPBACK}:${port}` };
}

/** Plays the services. Refuses requests to others, with the name of the service. */
export function serveEndpoint(server: Server, options: EndpointOptions): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, options).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      // A caller that aborts its request gets no response.
      () => response.destroy(),
    );
  });
}

async function answer(request: IncomingMessage, { services, report }: EndpointOptions): Promise<ServiceResponse> {
  const { method = "", url: path = "", headers } = request;
  const name = serviceOf(request);
  if (!isPlayed(services, name)) return refuse(name, report);
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  return services[name]({ method, path, headers, body });
}

/** A signature contains the name of its service. An unsigned request is refused by the service that it resembles. */
function serviceOf({ headers }: IncomingMessage): string {
  const [, signed] = /Credential=[^/]*\/[^/]*\/[^/]*\/([\w-]+)\//.exec(headers.authorization ?? "") ?? [];
  return signed ?? (String(headers["x-amz-target"]).startsWith(TARGET) ? "secretsmanager" : "lambda");
}

const isPlayed = (services: Services, name: string): name is keyof Services => Object.hasOwn(services, name);

function refuse(service: string, report: EndpointOptions["report"]): ServiceResponse {
  const message = `The emulator does not play the service ${service}. It plays execute-api, dynamodb, lambda and secretsmanager.`;
  report(message);
  return {
    status: 501,
    headers: { "Content-Type": "application/json", "x-amzn-ErrorType": "NotImplementedException" },
    body: JSON.stringify({ message }),
  };
}
