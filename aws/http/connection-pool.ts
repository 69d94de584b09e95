import net from "node:net";
import { type HttpResponse, ResponseParser } from "./response-parser.ts";

export interface PoolLimits {
  /** The maximum number of requests in flight. Further requests wait. */
  readonly connections: number;
  /** The longest time to connect, and the longest to wait for a response. It is checked every half a second. */
  readonly responseMilliseconds: number;
}

/** Keeps connections open between messages, so that a request does not wait for a TLS handshake. */
const IDLE_MILLISECONDS_MAX = 60_000;

const CHECK_MILLISECONDS = 500;

/** A request, and what becomes of it. */
export interface Exchange {
  /** The request as it is sent. */
  readonly text: string;
  readonly encoding: BufferEncoding;
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (fault: Error) => void;
  /** Undefined while the request waits for a connection. */
  connection?: Connection;
}

interface Connection {
  readonly socket: net.Socket;
  readonly parser: ResponseParser;
  exchange: Exchange | undefined;
  /** When it was opened, when its request was sent, or when it became idle, in milliseconds of a monotonic clock. */
  changedAt: number;
}

/** The connections to one origin. Each has one request at a time. */
export class ConnectionPool {
  readonly #origin: URL;
  readonly #limits: PoolLimits;
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  /** A connection that is being opened, for the next request. */
  #prepared: Connection | undefined;
  readonly #waiting: Exchange[] = [];
  #checking: NodeJS.Timeout | undefined;
  /** The last TLS session: a connection that resumes it takes a fraction of the CPU of a full handshake. */
  #session: Buffer | undefined;

  constructor(origin: URL, limits: PoolLimits) {
    this.#origin = origin;
    this.#limits = limits;
  }

  /** Opens a connection for the first request. */
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

  abort(exchange: Exchange, fault: Error): void {
    if (exchange.connection) {
      this.#fail(exchange.connection, fault);
    } else {
      this.#waiting.splice(this.#waiting.indexOf(exchange), 1);
      exchange.reject(fault);
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
    const socket = connectTo(this.#origin, this.#session);
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
      .on("session", (session: Buffer) => {
        this.#session = session;
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

function connectTo({ protocol, hostname, port }: URL, session: Buffer | undefined): net.Socket {
  const isPlain = protocol === "http:";
  // A URL has brackets around an IPv6 address.
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const target = { host, port: Number(port) || (isPlain ? 80 : 443), noDelay: true };
  if (isPlain) return net.connect(target);
  return tls.connect({ ...target, ...(session && { session }), ...(net.isIP(host) === 0 && { servername: host }) });
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
