import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import { LOOPBACK, listen } from "./listen.ts";
import { TARGET } from "./secrets-manager/api.ts";
import type { Service, ServiceResponse } from "./service.ts";

export interface EndpointOptions {
  readonly services: Services;
  /** Takes a sentence about what is not played. */
  readonly report: (sentence: string) => void;
}

/** By the names that signatures have for them. */
export interface Services {
  readonly lambda: Service;
  readonly secretsmanager: Service;
}

/** Where functions find whatever of AWS has no address of its own here. It answers nothing before `serveEndpoint`. */
export async function openEndpoint(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  const port = await listen(server, 0);
  return { server, url: `http://${LOOPBACK}:${port}` };
}

/** Plays the services, and refuses every other by name. */
export function serveEndpoint(server: Server, options: EndpointOptions): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, options).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      // A caller that breaks off gets no answer.
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

/** Every signature names the service that it is for. What has none is refused by the service that it looks like. */
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
