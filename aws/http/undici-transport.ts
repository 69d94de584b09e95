import type { Dispatcher } from "undici";
import type { Answer, Transport } from "./signed-requests.ts";

/** As many connections as pushes are ever under way at once. */
const CONNECTIONS_MAX = 128;

/**
 * A client that does not read can hold its push up (MG-31). Whoever waits for longer has better things to do. undici
 * counts in half seconds: a request is over after eight seconds at most, half of them to connect.
 */
const ANSWER_MILLISECONDS_MAX = 3_000;

/** Connections stay open between two messages, undici's own four seconds being few: a push need not wait for a handshake. */
const IDLE_MILLISECONDS_MAX = 60_000;

/** Over connections that are kept alive, by undici's pool: for who pushes to thousands. */
export const byPool: Transport = (origin) => {
  let opened: Promise<Dispatcher> | undefined;
  return async (request) => {
    opened ??= openPool(origin);
    return answerOf(await opened, request);
  };
};

/** A fifth of what most functions load, and many a `$connect` has nobody to tell: loaded when it is first asked for. */
export const loadPool = async () => (await import("undici/lib/dispatcher/pool.js")).default;

async function openPool(origin: string): Promise<Dispatcher> {
  const Pool = await loadPool();
  return new Pool(origin, {
    connections: CONNECTIONS_MAX,
    connectTimeout: ANSWER_MILLISECONDS_MAX,
    headersTimeout: ANSWER_MILLISECONDS_MAX,
    bodyTimeout: ANSWER_MILLISECONDS_MAX,
    keepAliveTimeout: IDLE_MILLISECONDS_MAX,
  });
}

/** The answer's head: its body says nothing that the head does not. */
const answerOf = (pool: Dispatcher, options: Dispatcher.DispatchOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let answer: Answer;
    pool.dispatch(options, {
      onRequestStart: () => undefined,
      onResponseStart(_, status, headers) {
        const type = headers["x-amzn-errortype"];
        answer = { status, errorType: typeof type === "string" ? type.split(":")[0] : undefined };
      },
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(answer),
      onResponseError: (_, fault) => reject(fault),
    });
  });
