import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";
import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import { isLambda } from "../runtime.ts";

export type Headers = Readonly<Record<string, string>>;

export interface HttpRequest {
  readonly method: "POST" | "DELETE" | "GET";
  /** Percent-encoded. */
  readonly path: string;
  /** All headers except Host and Content-Length. */
  readonly headers: Headers;
  /** Only a POST can have a body. */
  readonly body: string;
}

export interface HttpResponse {
  readonly status: number;
  /** The value of a header that can occur once. The name must be in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

export interface HttpClient {
  /** Rejects if there is no response, or with an AbortError. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
  /**
   * Sends a request that does nothing, for its effects: undici opens a connection, and compiles its parser. Resolves also if
   * the request fails, because the next one tries again.
   */
  warmUp(): Promise<void>;
}

export interface ClientLimits {
  /** The maximum number of requests in flight. Further requests wait. */
  readonly connections: number;
  /**
   * The longest time to connect, to wait for the head of a response, and to wait for more of its body. undici's timers have a
   * resolution of half a second.
   */
  readonly responseMilliseconds: number;
}

/*
 * Without this flag, V8 optimizes undici's parser after about eight responses, which takes more CPU than all the rest of a
 * cold start. The unoptimized parser is fast enough: the CPU for each push stays the same. The emulator runs functions in
 * threads, where the flag would apply to its whole process.
 */
if (isLambda() && isMainThread) setFlagsFromString("--liftoff-only");

/** Keeps connections open between messages, so that a request does not wait for a TLS handshake. undici's default is four seconds. */
const IDLE_MILLISECONDS_MAX = 60_000;

/**
 * Sends the requests of AWS's APIs to one origin, over a pool of undici: bodies are texts, and responses fit into memory.
 * docs/decisions/0068-call-dynamodb-without-the-sdk.md compares it with other clients.
 */
export function httpClient(origin: string, { connections, responseMilliseconds }: ClientLimits): HttpClient {
  const pool = new Pool(origin, {
    connections,
    // The bundles do not contain undici's HTTP/2: infra/bundle.ts.
    allowH2: false,
    connectTimeout: responseMilliseconds,
    headersTimeout: responseMilliseconds,
    bodyTimeout: responseMilliseconds,
    keepAliveTimeout: IDLE_MILLISECONDS_MAX,
  });
  const send = (request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> =>
    new Promise((resolve, reject) => dispatch(pool, request, { signal, resolve, reject }));
  return { send, warmUp: () => send(NOTHING).then(ignore, ignore) };
}

const NOTHING: HttpRequest = { method: "GET", path: "/", headers: {}, body: "" };

const ignore = (): void => undefined;

interface Exchange {
  readonly signal: AbortSignal | undefined;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (fault: Error) => void;
}

const NO_BYTES: Buffer = Buffer.alloc(0);

function dispatch(pool: Dispatcher, { method, path, headers, body }: HttpRequest, exchange: Exchange): void {
  const { signal } = exchange;
  if (signal?.aborted) {
    exchange.reject(new AbortError());
    return;
  }
  let controller: Dispatcher.DispatchController | undefined;
  let head: Pick<HttpResponse, "status" | "header">;
  let received = NO_BYTES;
  // A request that waits for a connection has no controller yet. It is not sent when it gets one.
  const abort = (): void => (controller ? controller.abort(new AbortError()) : exchange.reject(new AbortError()));
  signal?.addEventListener("abort", abort, { once: true });
  pool.dispatch(
    { method, path, headers, body: method === "POST" ? body : null },
    {
      onRequestStart(own) {
        controller = own;
        if (signal?.aborted) abort();
      },
      onResponseStart(_, status, own) {
        head = { status, header: (name) => own[name]?.toString() };
      },
      onResponseData(_, chunk) {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      },
      onResponseEnd() {
        signal?.removeEventListener("abort", abort);
        // undici frees the connection in a later turn of the event loop. Without a wait, the next request of the caller
        // would open another one.
        queueMicrotask(() => setImmediate(exchange.resolve, { ...head, body: received }));
      },
      onResponseError(_, fault) {
        signal?.removeEventListener("abort", abort);
        exchange.reject(fault);
      },
    },
  );
}

/** Equals the error of the SDK. */
class AbortError extends Error {
  override readonly name = "AbortError";

  constructor() {
    super("Request aborted");
  }
}
