import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { close, LOOPBACK, listen, readBody } from "@serverless-chat/emulator/http-server";
import type { Http, HttpResponse, NoResponse } from "../../../chatops/http.ts";

/** A request to the stand-in. */
export interface Asked {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The groups of the route's pattern. */
  readonly parts: readonly string[];
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, strings unchanged. */
  readonly body?: object | string;
}

/** The server is down, never responds, or sends this response. `lost`: it processes the request, but its response is lost. */
export type Fault = "down" | "slow" | "lost" | Answered;

/** A local server that replaces a service. */
export interface StandIn {
  readonly url: string;
  /** The fault of a request. Undefined: no fault. */
  fault: (asked: Omit<Asked, "parts">) => Fault | undefined;
  /** Method and path of each request, in order. */
  readonly requests: string[];
  stop(): Promise<void>;
}

/** A pattern for method and path, and its response. */
export type Route = readonly [pattern: RegExp, answer: (asked: Asked) => Answered];

/** Starts a stand-in, as a server or in this process. */
export type Open = (routes: readonly Route[], unknown: Answered) => Promise<StandIn>;

export const startStandIn: Open = async (routes, unknown) => {
  const server = createServer(async (request, response) => {
    const asked = await readRequest(request);
    standIn.requests.push(`${asked.method} ${asked.path}`);
    const fault = standIn.fault(asked);
    if (fault === "slow") return;
    const answered = typeof fault === "object" ? fault : fault !== "down" && answerTo(routes, asked, unknown);
    if (!answered || fault === "lost") request.socket.destroy();
    else send(response, answered);
  });
  const standIn: StandIn = {
    url: `http://${LOOPBACK}:${await listen(server, 0)}`,
    fault: () => undefined,
    requests: [],
    stop: () => close(server),
  };
  return standIn;
};

/** What `fetchHttp` returns for these faults of a server. */
const NO_RESPONSE: Readonly<Record<Extract<Fault, string>, NoResponse>> = {
  down: { fault: "unreachable", name: "ECONNREFUSED" },
  lost: { fault: "unreachable", name: "UND_ERR_SOCKET" },
  slow: { fault: "slow", name: "TimeoutError" },
};

/** A stand-in without a server, for tests with thousands of requests, and the HTTP port that reaches it. */
export function inProcess(): { readonly open: Open; readonly http: Http } {
  const standIn: StandIn = {
    url: "https://service.example.com",
    fault: () => undefined,
    requests: [],
    stop: async () => undefined,
  };
  let answer: (asked: Omit<Asked, "parts">) => Answered;
  return {
    async open(routes, unknown) {
      answer = (asked) => answerTo(routes, asked, unknown);
      return standIn;
    },
    async http({ method, url: to, headers, body = "" }) {
      const { pathname, searchParams: query } = new URL(to);
      const asked = { method, path: decodeURIComponent(pathname), query, headers, body };
      standIn.requests.push(`${method} ${asked.path}`);
      const fault = standIn.fault(asked);
      // The service processes this request, although its response is lost.
      if (fault === "lost") answer(asked);
      if (typeof fault === "string") return NO_RESPONSE[fault];
      return responseOf(fault ?? answer(asked));
    },
  };
}

function responseOf({ status, headers, body = "" }: Answered): HttpResponse {
  const given: Readonly<Record<string, string | undefined>> = { ...contentTypeOf(body), ...headers };
  return { status, header: (name) => given[name], body: textOf(body) };
}

function answerTo(routes: readonly Route[], asked: Omit<Asked, "parts">, unknown: Answered): Answered {
  for (const [pattern, answer] of routes) {
    const match = pattern.exec(`${asked.method} ${asked.path}`);
    if (match) return answer({ ...asked, parts: match.slice(1) });
  }
  return unknown;
}

async function readRequest(request: IncomingMessage): Promise<Omit<Asked, "parts">> {
  const body = String((await readBody(request)) ?? "");
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://stand-in");
  const { method = "GET", headers } = request;
  return { method, path: decodeURIComponent(pathname), query: searchParams, headers, body };
}

function send(response: ServerResponse, { status, headers, body = "" }: Answered): void {
  response.writeHead(status, { ...contentTypeOf(body), ...headers });
  response.end(textOf(body));
}

function contentTypeOf(body: object | string): Record<string, string> {
  if (body === "") return {};
  return { "content-type": typeof body === "string" ? "text/html" : "application/json" };
}

const textOf = (body: object | string): string => (typeof body === "string" ? body : JSON.stringify(body));
