import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import type { Guard } from "./iam/guard.ts";
import type { LambdaFunction } from "./lambda/function.ts";
import { type InvokeResponse, invokeApi } from "./lambda/invoke-api.ts";
import { accessOf } from "./lambda/invoke-request.ts";
import { LOOPBACK, listen } from "./listen.ts";
import type { Place } from "./terraform/computed.ts";

export interface EndpointOptions {
  readonly place: Place;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly guard: Guard;
  /** Takes a sentence about what is not played. */
  readonly report: (sentence: string) => void;
}

/** Where functions find whatever of AWS has no address of its own here. It answers nothing before `serveEndpoint`. */
export async function openEndpoint(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  const port = await listen(server, 0);
  return { server, url: `http://${LOOPBACK}:${port}` };
}

/** Plays Lambda's Invoke, and refuses every other service by name. */
export function serveEndpoint(server: Server, options: EndpointOptions): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, options).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      // A caller that breaks off gets no answer.
      () => response.destroy(),
    );
  });
}

async function answer(request: IncomingMessage, options: EndpointOptions): Promise<InvokeResponse> {
  const { method = "", url: path = "", headers } = request;
  const service = serviceOf(headers.authorization ?? "");
  if (service !== undefined && service !== "lambda") return refuseService(service, options);
  const invoke = { method, path, headers, body: (await readBody(request)) ?? Buffer.alloc(0) };
  const access = accessOf(invoke, options.place);
  const verdict = options.guard(invoke, access ? [access] : []);
  if ("principal" in verdict) return invokeApi(invoke, { ...options.place, functions: options.functions });
  const text = verdict.access ? { Message: verdict.message } : { message: verdict.message };
  return refuse(403, verdict.errorType, text);
}

/** Every signature names the service that it is for. */
const serviceOf = (authorization: string): string | undefined =>
  /Credential=[^/]*\/[^/]*\/[^/]*\/([\w-]+)\//.exec(authorization)?.[1];

function refuseService(service: string, { report }: EndpointOptions): InvokeResponse {
  const message = `The emulator does not play the service ${service}. It plays execute-api, dynamodb and lambda.`;
  report(message);
  return refuse(501, "NotImplementedException", { message });
}

const refuse = (status: number, errorType: string, body: object): InvokeResponse => ({
  status,
  headers: { "Content-Type": "application/json", "x-amzn-ErrorType": errorType },
  body: JSON.stringify(body),
});
