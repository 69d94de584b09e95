import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Contain } from "../../boundary.ts";
import { answerFailure, close, LOOPBACK, listen, readBody } from "../../http-server.ts";
import type { Access } from "../../iam/evaluate.ts";
import type { DeniedRequest, Guard } from "../../iam/guard.ts";
import { functionUrlHost, type Place } from "../../terraform/computed.ts";
import type { FunctionUrlConfig } from "../../terraform/function-urls.ts";
import type { Stack } from "../../terraform/stack.ts";
import type { LambdaFunction } from "../function.ts";
import { allowsNames } from "../public-hosts.ts";
import { eventOf } from "./event.ts";
import { refusal, responseOf, type UrlResponse } from "./response.ts";

export interface FunctionUrls {
  /** The address of each URL on this machine, such as `http://127.0.0.1:40123/`, by the name of its function. */
  readonly addresses: ReadonlyMap<string, string>;
  /** The same addresses by their host names in AWS. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Starts to invoke the functions for signed requests. Earlier requests wait. */
  serve(options: FunctionUrlOptions): void;
  close(): Promise<void>;
}

export interface FunctionUrlOptions {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly guard: Guard;
  readonly contain: Contain;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Each URL has its own port, because in AWS each has its own host name. */
export async function openFunctionUrls({
  functionUrls,
  region,
  accountId,
}: Place & Pick<Stack, "functionUrls">): Promise<FunctionUrls> {
  const opened = await Promise.all(
    functionUrls.map(async (config) => {
      const host = functionUrlHost(config.id, region);
      const server = createServer();
      const port = await listen(server, 0, allowsNames([host]));
      return { config: { ...config, accountId }, server, host, address: `http://${LOOPBACK}:${port}/` };
    }),
  );
  return {
    addresses: new Map(opened.map(({ config, address }) => [config.functionName, address])),
    hosts: Object.fromEntries(opened.map(({ host, address }) => [host, address])),
    serve(options) {
      for (const { config, server } of opened) {
        server.on("request", (...exchange: Exchange) => void answer(exchange, config, options));
      }
    },
    close: async () => void (await Promise.all(opened.map(({ server }) => close(server)))),
  };
}

type Exchange = [request: IncomingMessage, response: ServerResponse];

type Served = FunctionUrlConfig & Pick<Place, "accountId">;

async function answer([request, response]: Exchange, config: Served, options: FunctionUrlOptions): Promise<void> {
  const succeeded = await options.contain("answer a request to a function URL", async () => {
    const result = await respond(request, config, options).catch((fault) => {
      // A caller that aborts its request gets no response.
      if (request.complete) throw fault;
    });
    if (result) send(response, result);
  });
  if (!succeeded) answerFailure(response);
  else if (!response.writableEnded) response.destroy();
}

function send(response: ServerResponse, { status, headers, body }: UrlResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // Without writeHead, Node.js sends the length.
  response.end(body);
}

/** The longest event. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const EVENT_BYTES_MAX = 6_291_456;

async function respond(
  message: IncomingMessage,
  config: Served,
  { functions, guard, now }: FunctionUrlOptions,
): Promise<UrlResponse> {
  const { method = "", url: path = "", headers } = message;
  const requestId = randomUUID();
  const body = await readBody(message);
  if (!body) return tooLarge();
  const verdict = guard({ method, path, headers, body }, accessesOf(config));
  if (!("principal" in verdict)) return denial(verdict);
  const request = { message, body, requestId, receivedAt: now() };
  const event = eventOf(request, { ...config, principal: verdict.principal });
  if (Buffer.byteLength(JSON.stringify(event)) > EVENT_BYTES_MAX) return tooLarge();
  // An update that removes the function also removes its URL, and requires a restart.
  const lambda = functions.get(config.functionName) as LambdaFunction;
  const response = responseOf(await lambda.invoke(event, requestId));
  return { ...response, headers: { ...response.headers, "x-amzn-requestid": requestId } };
}

/**
 * A caller needs both permissions. A policy can limit the second one to function URLs.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html#urls-auth-iam
 */
const accessesOf = ({ functionArn: resource }: FunctionUrlConfig): Access[] => [
  {
    action: "lambda:InvokeFunctionUrl",
    resource,
    context: { "lambda:functionurlauthtype": ["AWS_IAM"], "lambda:functionarn": [resource] },
  },
  { action: "lambda:InvokeFunction", resource, context: { "lambda:invokedviafunctionurl": ["true"] } },
];

const FORBIDDEN =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

function denial({ errorType, message, access }: DeniedRequest): UrlResponse {
  if (access || errorType === "MissingAuthenticationTokenException") {
    return refusal(403, "AccessDeniedException", { Message: FORBIDDEN });
  }
  return refusal(403, errorType, { message });
}

const tooLarge = (): UrlResponse =>
  refusal(413, "RequestEntityTooLargeException", {
    message: `Request must be smaller than ${EVENT_BYTES_MAX} bytes for the InvokeFunction operation`,
  });
