import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { bucketPolicies } from "./bucket-policies.ts";
import { completeDomain } from "./domain-names.ts";
import { managedPolicies } from "./managed-policies.ts";
import { secretKeys } from "./secret-keys.ts";

/** A control plane between Terraform and moto. */
export interface MotoProxy {
  readonly url: string;
  stop(): Promise<void>;
}

type LambdaConfiguration = { FunctionName?: string; LoggingConfig?: object };

/** Twelve digits. */
const DEFAULT_ACCOUNT = "123456789012";

const FUNCTION_PATH = /^\/2015-03-31\/functions(?:\/([^/?]+)(?:\/configuration)?)?\/?(?:\?|$)/;

/**
 * Passes everything on to moto, and remembers what moto forgets: it takes a function's LoggingConfig and never gives
 * it back, so that Terraform would want to set it again at every plan. The policies of buckets, and AWS's own of roles, it
 * does not see at all. That a secret has AWS's own key it does not say.
 * Each proxy may have an account of its own: tests run side by side, and moto remembers the tags of what is gone.
 * https://docs.getmoto.org/en/latest/docs/multi_account.html
 */
export async function startMotoProxy(upstream: string, account = DEFAULT_ACCOUNT): Promise<MotoProxy> {
  const loggingConfigs = new Map<string, object>();
  const answerPolicy = bucketPolicies();
  const answerAttachment = managedPolicies();
  const completeSecret = secretKeys();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const { method, url = "/" } = request;
    const own = answerPolicy({ method, url, body }) ?? answerAttachment({ method, url, body });
    if (own) return void response.writeHead(own.status).end(own.body);
    const [isFunction, pathName] = FUNCTION_PATH.exec(url) ?? [];
    if (isFunction && body) remember(body, pathName);
    const upstreamAnswer = await passOn(request, { body, upstream, account });
    const target = request.headers["x-amz-target"];
    const answered = completeSecret({ target, body }, completeDomain(url, await upstreamAnswer.text()));
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

function passOn(
  { method = "GET", url = "/", headers }: IncomingMessage,
  { body, upstream, account }: { readonly body: string; readonly upstream: string; readonly account: string },
): Promise<Response> {
  const { host, connection, "content-length": _, expect: __, ...kept } = headers as Record<string, string>;
  return fetch(new URL(url, upstream), {
    method,
    headers: { ...kept, "x-moto-account-id": account },
    ...(body && { body }),
  });
}

/** The body is passed on unpacked and of another length. */
const passedOn = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    [...headers].filter(([name]) => !/^(content-length|content-encoding|transfer-encoding|connection)$/.test(name)),
  );
