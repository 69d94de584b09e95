import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A control plane between Terraform and moto. */
export interface MotoProxy {
  readonly url: string;
  stop(): Promise<void>;
}

type LambdaConfiguration = { FunctionName?: string; LoggingConfig?: object };

const FUNCTION_PATH = /^\/2015-03-31\/functions(?:\/([^/?]+)(?:\/configuration)?)?\/?(?:\?|$)/;

/**
 * Passes everything on to moto, and remembers what moto forgets: it takes a function's LoggingConfig and never gives
 * it back, so that Terraform would want to set it again at every plan.
 */
export async function startMotoProxy(upstream: string): Promise<MotoProxy> {
  const loggingConfigs = new Map<string, object>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const [isFunction, pathName] = FUNCTION_PATH.exec(request.url ?? "") ?? [];
    if (isFunction && body) remember(body, pathName);
    const { host, connection, "content-length": _, expect: __, ...headers } = request.headers as Record<string, string>;
    const { method = "GET" } = request;
    const upstreamAnswer = await fetch(new URL(request.url ?? "/", upstream), {
      method,
      headers,
      ...(body && { body }),
    });
    const answered = await upstreamAnswer.text();
    response.writeHead(upstreamAnswer.status, passedOn(upstreamAnswer.headers));
    response.end(isFunction && upstreamAnswer.ok ? complete(answered) : answered);
  };

  const remember = (body: string, pathName?: string): void => {
    const { FunctionName = pathName, LoggingConfig }: LambdaConfiguration = JSON.parse(body);
    if (FunctionName && LoggingConfig) loggingConfigs.set(FunctionName, LoggingConfig);
  };

  const complete = (answered: string): string => {
    if (!answered) return answered;
    const json: LambdaConfiguration & { Configuration?: LambdaConfiguration } = JSON.parse(answered);
    const configuration = json.Configuration ?? json;
    const LoggingConfig = loggingConfigs.get(configuration.FunctionName ?? "");
    if (LoggingConfig) Object.assign(configuration, { LoggingConfig });
    return JSON.stringify(json);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((fault) => response.writeHead(502).end(String(fault)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The body is passed on unpacked and of another length. */
const passedOn = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    [...headers].filter(([name]) => !/^(content-length|content-encoding|transfer-encoding|connection)$/.test(name)),
  );
