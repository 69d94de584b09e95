import { ConnectionPool, type Exchange, type PoolLimits } from "./connection-pool.ts";
import type { HttpResponse } from "./response-parser.ts";

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

export interface HttpClient {
  /** Sends a request and returns the whole response. Rejects if there is no response, or with an AbortError. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
  /** Opens a connection for the first request. If that fails, the first request tries again. */
  connect(): void;
}

/**
 * An HTTP/1.1 client for the requests of AWS's APIs to one origin: bodies are texts, and responses fit into memory. It keeps
 * connections open, and writes each request in one piece. docs/decisions/0068-call-dynamodb-without-the-sdk.md compares it
 * with undici and Node.js's own client.
 */
export function httpClient(origin: string, limits: PoolLimits): HttpClient {
  const { host } = new URL(origin);
  const pool = new ConnectionPool(new URL(origin), limits);
  return {
    send(request, signal) {
      if (signal?.aborted) return Promise.reject(new AbortError());
      let abort = (): void => undefined;
      const response = new Promise<HttpResponse>((resolve, reject) => {
        const exchange: Exchange = { ...encoded(request, host), resolve, reject };
        abort = () => pool.abort(exchange, new AbortError());
        pool.start(exchange);
      });
      if (!signal) return response;
      signal.addEventListener("abort", abort, { once: true });
      return response.finally(() => signal.removeEventListener("abort", abort));
    },
    connect: () => pool.prepare(),
  };
}

/** A path or the value of a header with any other character could add a header, or a request. */
const VISIBLE = /^[\t\x20-\x7e]*$/;

/** The request as it is sent. */
function encoded({ method, path, headers, body }: HttpRequest, host: string): Pick<Exchange, "text" | "encoding"> {
  const length = Buffer.byteLength(body);
  let text = `${method} ${visible(path)} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const name in headers) text += `${name}: ${visible(headers[name] as string)}\r\n`;
  if (method === "POST") text += `content-length: ${length}\r\n`;
  // Only ASCII takes one byte for each character, and Node.js copies it without a conversion.
  return { text: `${text}\r\n${body}`, encoding: length === body.length ? "latin1" : "utf8" };
}

function visible(text: string): string {
  if (VISIBLE.test(text)) return text;
  throw new TypeError("A request has a character that HTTP does not allow in a path or a header.");
}

/** Equals the error of the SDK. */
class AbortError extends Error {
  override readonly name = "AbortError";

  constructor() {
    super("Request aborted");
  }
}
