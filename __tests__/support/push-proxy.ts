import { createServer, type IncomingMessage, request as open, type ServerResponse } from "node:http";
import { close, LOOPBACK, listen, readBody } from "@serverless-chat/emulator/http-server";
import { KILLED } from "../fixtures/proxied/killed.ts";

/** What a push comes to in the place of the management API's own answer: a status, or the end of who pushes. */
export type Fault = 429 | 500 | typeof KILLED;

/** Stands between the functions and the management API. */
export interface PushProxy {
  readonly url: string;
  /** The management API. */
  target: string;
  /** Says what a push comes to, by the connection and how many pushes to it there were before; nothing: what the API says. */
  fault: (connectionId: string, before: number) => Fault | undefined;
  /** How many pushes there were, by connection. */
  readonly pushes: Map<string, number>;
  stop(): Promise<void>;
}

export async function startPushProxy(): Promise<PushProxy> {
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const connectionId = decodeURIComponent(String(request.url?.split("/").at(-1)));
    const before = proxy.pushes.get(connectionId) ?? 0;
    proxy.pushes.set(connectionId, before + 1);
    const fault = proxy.fault(connectionId, before);
    if (fault === undefined) forward(proxy.target, { request, body, response });
    else if (fault === KILLED) response.writeHead(500, { "x-amzn-ErrorType": KILLED }).end();
    else response.writeHead(fault).end();
  });
  const proxy: PushProxy = {
    url: `http://${LOOPBACK}:${await listen(server, 0)}`,
    target: "",
    fault: () => undefined,
    pushes: new Map(),
    stop: () => close(server),
  };
  return proxy;
}

interface Passing {
  readonly request: IncomingMessage;
  readonly body: Buffer | undefined;
  readonly response: ServerResponse;
}

/** As it came, the signed `Host` too. */
function forward(target: string, { request: { method, url, headers }, body, response }: Passing): void {
  const { hostname, port } = new URL(target);
  const passed = open({ hostname, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.writeHead(502).end());
  passed.end(body);
}
