import type { Dispatcher } from "undici";
import type { AwsResponse, Transport } from "./signature.ts";

/** The highest number of pushes that a function has in flight. */
const CONNECTIONS_MAX = 128;

/**
 * A client that does not read can delay its push (rule MG-31 in docs/api-gateway-rules.md), so a function does not wait
 * longer than this. undici's timers have a resolution of half a second: a request ends after eight seconds at most, half
 * of them to connect.
 */
const RESPONSE_MILLISECONDS_MAX = 3_000;

/** Keeps connections open between messages, so that a push does not wait for a TLS handshake. undici's default is four seconds. */
const IDLE_MILLISECONDS_MAX = 60_000;

/** Uses undici's connection pool: for functions that push to thousands of connections. */
export const undiciTransport: Transport = (origin) => {
  let opened: Promise<Dispatcher> | undefined;
  return async (request) => {
    opened ??= openPool(origin);
    return dispatch(await opened, request);
  };
};

/** Loaded on first use: undici is a fifth of the code that most functions load, and many invocations push nothing. */
export const loadPool = async () => (await import("undici/lib/dispatcher/pool.js")).default;

async function openPool(origin: string): Promise<Dispatcher> {
  const Pool = await loadPool();
  return new Pool(origin, {
    connections: CONNECTIONS_MAX,
    connectTimeout: RESPONSE_MILLISECONDS_MAX,
    headersTimeout: RESPONSE_MILLISECONDS_MAX,
    bodyTimeout: RESPONSE_MILLISECONDS_MAX,
    keepAliveTimeout: IDLE_MILLISECONDS_MAX,
  });
}

/** Ignores the body of the response: the status and the error type are in its head. */
const dispatch = (pool: Dispatcher, options: Dispatcher.DispatchOptions): Promise<AwsResponse> =>
  new Promise((resolve, reject) => {
    let response: AwsResponse;
    pool.dispatch(options, {
      onRequestStart: () => undefined,
      onResponseStart(_, status, headers) {
        const type = headers["x-amzn-errortype"];
        response = { status, errorType: typeof type === "string" ? type.split(":")[0] : undefined };
      },
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(response),
      onResponseError: (_, fault) => reject(fault),
    });
  });
