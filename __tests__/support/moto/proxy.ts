import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type AttachedProviders, attachedProviders } from "../attached-providers.ts";
import type { HttpRequest } from "../aws-models/call.ts";
import { strictAws } from "../aws-models/strict-aws.ts";
import { tallyFile } from "../aws-models/tally.ts";
import { authorizerLists, completeDomain, stageUpdates } from "./api-gateway.ts";
import { cloudFront } from "./cloudfront.ts";
import { bucketPolicies, functionSettings, managedPolicies, secretKeys } from "./services.ts";

/** A proxy between Terraform and moto. */
export interface MotoProxy {
  readonly url: string;
  /** They send their requests to this proxy, and stop with it. */
  readonly providers: AttachedProviders;
  /** A sentence for each request that AWS would have rejected. */
  readonly violations: ReadonlySet<string>;
  /** Throws if AWS would have rejected a request, unless violations are expected. */
  stop(): Promise<void>;
}

export interface MotoProxyOptions {
  /** The project or stack whose Terraform is applied, for the addresses in messages. */
  readonly folder?: () => string | undefined;
  /** For stacks that are intentionally broken. Their violations and requests do not count for the run. */
  readonly expectsViolations?: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Twelve digits. */
const DEFAULT_ACCOUNT = "123456789012";

/**
 * Rejects requests that AWS would reject, forwards all others to moto, and adds features that moto lacks. Each proxy can use
 * a separate account, because tests run in parallel, and moto keeps the tags of deleted resources.
 * https://docs.getmoto.org/en/latest/docs/multi_account.html
 */
export async function startMotoProxy(
  upstream: string,
  account = DEFAULT_ACCOUNT,
  { folder = () => undefined, expectsViolations = false }: MotoProxyOptions = {},
): Promise<MotoProxy> {
  const answer = completedMoto(upstream, account);
  const aws = strictAws(async (request) => (await answer(request)).body, folder);
  const file = expectsViolations ? undefined : tallyFile();

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/", headers } = incoming;
    const request = { method, url, headers: headers as Record<string, string>, body: await text(incoming) };
    const answered = (await aws.refusal(request)) ?? (await answer(request));
    response.writeHead(answered.status, answered.headers).end(answered.body);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((fault: Error) => {
      const message = `${request.method} ${request.url} failed in the proxy: ${fault.stack}`;
      aws.tally.unreadable.add(message);
      // The SDKs retry requests that end with 5xx, for minutes.
      response.writeHead(400, { "x-amzn-errortype": "ProxyFault" }).end(JSON.stringify({ message }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const providers = attachedProviders(url);
  return {
    url,
    providers,
    violations: aws.tally.violations,
    async stop() {
      await providers.stop();
      server.close();
      server.closeAllConnections();
      file?.keep(aws.tally);
      const rejected = [...aws.tally.violations, ...aws.tally.unreadable];
      if (!expectsViolations && rejected.length > 0) throw new Error(`AWS would reject:\n${rejected.join("\n")}`);
    },
  };
}

/** moto, with the features that it lacks. */
function completedMoto(upstream: string, account: string): (request: HttpRequest) => Promise<Answer> {
  const functions = functionSettings();
  const stages = stageUpdates();
  const authorizers = authorizerLists();
  const completeSecret = secretKeys();
  const gaps = [bucketPolicies(), cloudFront(account), managedPolicies(), stages.answer, authorizers.answer];
  return async (request) => {
    const own = gaps.map((answer) => answer(request)).find((answer) => answer !== undefined);
    if (own) return { status: own.status, headers: own.headers ?? {}, body: own.body ?? "" };
    functions.remember(request);
    const answer = await forward(request, { upstream, account });
    const target = request.headers["x-amz-target"];
    const body = completeSecret({ target, body: request.body }, completeDomain(request.url, await answer.text()));
    if (!answer.ok) return { status: answer.status, headers: forwardedHeaders(answer.headers), body };
    const completed = [functions.complete, stages.complete, authorizers.complete].reduce(
      (text, complete) => complete(request, text),
      body,
    );
    return { status: answer.status, headers: forwardedHeaders(answer.headers), body: completed };
  };
}

function forward(
  { method, url, headers, body }: HttpRequest,
  { upstream, account }: { readonly upstream: string; readonly account: string },
): Promise<Response> {
  const { host, connection, "content-length": _, expect: __, ...kept } = headers;
  return fetch(new URL(url, upstream), {
    method,
    headers: { ...kept, "x-moto-account-id": account },
    ...(body && { body }),
  });
}

/** The body is forwarded uncompressed and with another length. */
const forwardedHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    [...headers].filter(([name]) => !/^(content-length|content-encoding|transfer-encoding|connection)$/.test(name)),
  );
