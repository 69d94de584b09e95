import type { Dispatcher } from "undici";
import { now } from "./runtime.ts";
import { type Credentials, type Scope, signer, type Unsigned } from "./signature.ts";

/** As many connections as pushes are ever under way at once. */
const CONNECTIONS_MAX = 128;

/**
 * A client that does not read can hold its push up (MG-31). Whoever waits for longer has better things to do. undici
 * counts in half seconds: a post is over after eight seconds at most, half of them to connect.
 */
const ANSWER_MILLISECONDS_MAX = 3_000;

/** Connections stay open between two messages, undici's own four seconds being few: a push need not wait for a handshake. */
const IDLE_MILLISECONDS_MAX = 60_000;

export interface Service extends Omit<Scope, "host"> {
  /** The address under which all paths are. */
  readonly endpoint: string;
  /** Asked before each post: who gives them renews them. */
  readonly credentials: () => Promise<Credentials>;
}

export interface Answer {
  readonly status: number;
  /** The name of what is wrong, where AWS gives one. */
  readonly errorType: string | undefined;
}

/**
 * Posts to one AWS service, signed with Signature Version 4, over connections that are kept alive. Rejects when no
 * answer comes. A tenth of the CPU that the SDK's client takes, which builds a stack of middleware for each call.
 */
export function signedPosts({ endpoint, credentials, ...scope }: Service) {
  const { origin, host, pathname } = new URL(endpoint);
  const base = pathname.replace(/\/$/, "");
  const sign = signer({ ...scope, host });
  let opened: Promise<Dispatcher> | undefined;
  return async (post: Unsigned): Promise<Answer> => {
    opened ??= openPool(origin);
    const [pool, signing] = [await opened, await credentials()];
    const path = base + post.path;
    const headers = sign({ path, body: post.body }, { credentials: signing, now: now() });
    return answerOf(pool, { method: "POST", path, headers, body: post.body });
  };
}

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
