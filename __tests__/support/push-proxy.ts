import { createServer, type IncomingMessage, request as open, type ServerResponse } from "node:http";
import { close, LOOPBACK, listen, readBody } from "@serverless-chat/emulator/http-server";
import { KILLED } from "../fixtures/push-proxy/killed.ts";

/** The result of a push instead of the management API's response: a status, or the end of the function. */
export type Fault = 429 | 500 | typeof KILLED;

/** A proxy between the functions and the management API. */
export interface PushProxy {
  readonly url: string;
  /** The management API. */
  target: string;
  /** Returns the fault of a push, by the connection and the number of earlier pushes to it. Undefined forwards the push. */
  fault: (connectionId: string, before: number) => Fault | undefined;
  /** The number of pushes by connection. */
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

/** Forwards a request unchanged, including the signed `Host`. */
function forward(target: string, { request: { method, url, headers }, body, response }: Passing): void {
  const { hostname, port } = new URL(target);
  const passed = open({ hostname, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.writeHead(502).end());
  passed.end(body);
}
