import net from "node:net";
import { type HttpResponse, ResponseParser } from "./response-parser.ts";

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

export interface HttpClientLimits {
  /** The maximum number of requests in flight. Further requests wait. */
  readonly connections: number;
  /** The longest time to connect, and the longest to wait for a response. It is checked every half a second. */
  readonly responseMilliseconds: number;
}

export interface HttpClient {
  /** Sends a request and returns the whole response. Rejects if there is no response, or with an AbortError. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
  /** Opens a connection for the first request. If that fails, the first request tries again. */
  connect(): void;
}

/** Keeps connections open between messages, so that a request does not wait for a TLS handshake. */
const IDLE_MILLISECONDS_MAX = 60_000;

const CHECK_MILLISECONDS = 500;

/**
 * An HTTP/1.1 client for the requests of AWS's APIs to one origin: bodies are texts, and responses fit into memory. It keeps
 * connections open, and writes each request in one piece. docs/decisions/0075-call-dynamodb-without-the-sdk.md compares it
 * with undici and Node.js's own client.
 */
export function httpClient(origin: string, limits: HttpClientLimits): HttpClient {
  const { host } = new URL(origin);
  const pool = new Pool(new URL(origin), limits);
  return {
    send(request, signal) {
      if (signal?.aborted) return Promise.reject(new AbortError());
      let abort = (): void => undefined;
      const response = new Promise<HttpResponse>((resolve, reject) => {
        const exchange: Exchange = { ...encoded(request, host), resolve, reject, connection: undefined };
        abort = () => pool.abort(exchange);
        pool.start(exchange);
      });
      if (!signal) return response;
      signal.addEventListener("abort", abort, { once: true });
      return response.finally(() => signal.removeEventListener("abort", abort));
    },
    connect: () => pool.prepare(),
  };
}

interface Exchange {
  readonly text: string;
  readonly encoding: BufferEncoding;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (fault: Error) => void;
  /** Undefined while the request waits for a connection. */
  connection: Connection | undefined;
}

interface Connection {
  readonly socket: net.Socket;
  readonly parser: ResponseParser;
  exchange: Exchange | undefined;
  /** When it was opened, when its request was sent, or when it became idle, in milliseconds of a monotonic clock. */
  changedAt: number;
}

class Pool {
  readonly #origin: URL;
  readonly #limits: HttpClientLimits;
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  /** A connection that is being opened, for the next request. */
  #prepared: Connection | undefined;
  readonly #waiting: Exchange[] = [];
  #checking: NodeJS.Timeout | undefined;

  constructor(origin: URL, limits: HttpClientLimits) {
    this.#origin = origin;
    this.#limits = limits;
  }

  prepare(): void {
    if (this.#connections.size === 0) this.#prepared = this.#open();
  }

  start(exchange: Exchange): void {
    const connection = this.#takeIdle();
    if (connection) {
      connection.socket.ref();
      this.#send(connection, exchange);
    } else if (this.#prepared) {
      this.#assign(this.#prepared, exchange);
      this.#prepared = undefined;
    } else if (this.#connections.size < this.#limits.connections) this.#assign(this.#open(), exchange);
    else this.#waiting.push(exchange);
  }

  abort(exchange: Exchange): void {
    if (exchange.connection) {
      this.#fail(exchange.connection, new AbortError());
    } else {
      this.#waiting.splice(this.#waiting.indexOf(exchange), 1);
      exchange.reject(new AbortError());
    }
  }

  /** A function that was frozen finds connections that are too old: Lambda also stops its timers. */
  #takeIdle(): Connection | undefined {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (performance.now() - connection.changedAt <= IDLE_MILLISECONDS_MAX) return connection;
      this.#close(connection);
    }
    return undefined;
  }

  #open(): Connection {
    const { protocol, host } = this.#origin;
    const socket = connectTo(this.#origin);
    const connection: Connection = {
      socket,
      parser: new ResponseParser(),
      exchange: undefined,
      changedAt: performance.now(),
    };
    this.#connections.add(connection);
    this.#checking ??= setInterval(() => this.#check(), CHECK_MILLISECONDS).unref();
    socket
      .once(protocol === "http:" ? "connect" : "secureConnect", () => {
        if (connection.exchange) this.#send(connection, connection.exchange);
        else this.#release(connection);
      })
      .on("data", (chunk: Buffer) => this.#receive(connection, chunk))
      .on("end", () => this.#finish(connection, connection.parser.end()))
      .on("error", (fault) => this.#fail(connection, fault))
      .on("close", () => this.#fail(connection, new NoResponse("ECONNRESET", `${host} closed the connection.`)));
    return connection;
  }

  #assign(connection: Connection, exchange: Exchange): void {
    connection.exchange = exchange;
    connection.changedAt = performance.now();
    exchange.connection = connection;
  }

  #send(connection: Connection, exchange: Exchange): void {
    this.#assign(connection, exchange);
    connection.socket.write(exchange.text, exchange.encoding);
  }

  #receive(connection: Connection, chunk: Buffer): void {
    try {
      // A response without a request: the connection can no longer be trusted.
      if (!connection.exchange) this.#close(connection);
      else this.#finish(connection, connection.parser.add(chunk));
    } catch (fault) {
      this.#fail(connection, fault as Error);
    }
  }

  #finish(connection: Connection, response: HttpResponse | undefined): void {
    const { exchange, parser } = connection;
    if (!exchange || !response) return;
    connection.exchange = undefined;
    if (parser.isReusable) this.#release(connection);
    else this.#close(connection);
    exchange.resolve(response);
  }

  #release(connection: Connection): void {
    if (this.#prepared === connection) this.#prepared = undefined;
    const next = this.#waiting.shift();
    if (next) {
      this.#send(connection, next);
    } else {
      connection.changedAt = performance.now();
      // An idle connection does not keep the process running.
      connection.socket.unref();
      this.#idle.push(connection);
    }
  }

  #close(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    if (this.#prepared === connection) this.#prepared = undefined;
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    connection.socket.destroy();
    const next = this.#waiting.shift();
    if (next) this.#assign(this.#open(), next);
    if (this.#connections.size > 0) return;
    clearInterval(this.#checking);
    this.#checking = undefined;
  }

  #fail(connection: Connection, fault: Error): void {
    const { exchange } = connection;
    connection.exchange = undefined;
    this.#close(connection);
    exchange?.reject(fault);
  }

  #check(): void {
    const { responseMilliseconds } = this.#limits;
    for (const connection of [...this.#connections]) {
      const age = performance.now() - connection.changedAt;
      if (connection.exchange && age > responseMilliseconds) this.#fail(connection, this.#timeout());
      else if (!connection.exchange && age > IDLE_MILLISECONDS_MAX) this.#close(connection);
    }
  }

  #timeout(): NoResponse {
    const { responseMilliseconds } = this.#limits;
    return new NoResponse("ETIMEDOUT", `${this.#origin.host} did not respond within ${responseMilliseconds} ms.`);
  }
}

/** An `import` would read all exports, such as the list of root certificates, which takes a tenth of a cold start. */
const tls = process.getBuiltinModule("node:tls");

function connectTo({ protocol, hostname, port }: URL): net.Socket {
  const isPlain = protocol === "http:";
  // A URL has brackets around an IPv6 address.
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const target = { host, port: Number(port) || (isPlain ? 80 : 443), noDelay: true };
  return isPlain ? net.connect(target) : tls.connect({ ...target, ...(net.isIP(host) === 0 && { servername: host }) });
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

/** The code is one of Node.js's: `ECONNRESET` or `ETIMEDOUT`. */
class NoResponse extends Error {
  override readonly name = "NoResponse";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Equals the error of the SDK. */
class AbortError extends Error {
  override readonly name = "AbortError";

  constructor() {
    super("Request aborted");
  }
}
