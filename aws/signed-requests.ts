import aws4 from "aws4";
import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";

/** As many connections as pushes are ever under way at once. */
const CONNECTIONS_MAX = 128;

/**
 * A client that does not read can hold its push up (MG-31). Whoever waits for longer has better things to do. undici
 * counts in half seconds: a request is over after eight seconds at most, half of them to connect.
 */
const ANSWER_MILLISECONDS_MAX = 3_000;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Service {
  /** As it stands in signatures. */
  readonly name: "execute-api" | "lambda" | "secretsmanager";
  /** The address under which all paths are. */
  readonly endpoint: string;
  readonly region: string;
  /** Asked before each request: who gives them renews them. */
  readonly credentials: () => Promise<Credentials>;
}

export interface Sending {
  readonly method?: "POST" | "DELETE";
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** The name of what is wrong, where AWS gives one. */
  readonly errorType: string | undefined;
  readonly body: string;
}

/**
 * Sends requests to one AWS service, signed with Signature Version 4, over connections that are kept alive. Rejects when no
 * answer comes. A tenth of the CPU that the SDK's client takes, which builds a stack of middleware for each call.
 */
export function signedRequests({ name: service, endpoint, region, credentials }: Service) {
  const { origin, host, pathname } = new URL(endpoint);
  const base = pathname.replace(/\/$/, "");
  const pool = new Pool(origin, {
    connections: CONNECTIONS_MAX,
    connectTimeout: ANSWER_MILLISECONDS_MAX,
    headersTimeout: ANSWER_MILLISECONDS_MAX,
    bodyTimeout: ANSWER_MILLISECONDS_MAX,
  });
  return async ({ method = "POST", path, body = "", headers = {} }: Sending): Promise<Answer> => {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    const request = { service, region, host, method, path: base + path, body, headers: { ...headers } };
    const signed = aws4.sign(request, { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) });
    return answerOf(pool, {
      method,
      path: request.path,
      headers: signed.headers as Record<string, string>,
      body,
    });
  };
}

const answerOf = (pool: Dispatcher, options: Dispatcher.DispatchOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let head: Omit<Answer, "body">;
    const chunks: Buffer[] = [];
    pool.dispatch(options, {
      onRequestStart: () => undefined,
      onResponseStart(_, status, headers) {
        const type = headers["x-amzn-errortype"];
        head = { status, errorType: typeof type === "string" ? type.split(":")[0] : undefined };
      },
      onResponseData: (_, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve({ ...head, body: Buffer.concat(chunks).toString("utf8") }),
      onResponseError: (_, fault) => reject(fault),
    });
  });
