export interface HttpResponse {
  readonly status: number;
  /** The value of a header. The name must be in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

/** The response does not follow RFC 9112. */
export class InvalidResponse extends Error {
  override readonly name = "InvalidResponse";
  readonly code = "EPROTO";
}

const HEAD_BYTES_MAX = 65_536;
const EMPTY: Buffer = Buffer.alloc(0);

interface Head {
  readonly status: number;
  readonly text: string;
  /** The bytes of the body, or how its end is found. */
  readonly length: number | "chunked" | "until the end";
}

/**
 * Parses the responses of one connection, one after the other: https://www.rfc-editor.org/rfc/rfc9112. AWS's responses are
 * short and usually arrive in one piece, so a head is searched as text, and only for the headers that are read.
 */
export class ResponseParser {
  /** Whether the connection can have another request after the response. */
  isReusable = true;
  #received = EMPTY;
  #head: Head | undefined;

  /** Returns the response when it is complete. Throws InvalidResponse. */
  add(chunk: Buffer): HttpResponse | undefined {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#head ??= this.#takeHead();
    if (!this.#head) return undefined;
    const { length } = this.#head;
    if (length === "until the end") return undefined;
    if (length === "chunked") {
      const decoded = decodeChunks(this.#received);
      return decoded && this.#complete(decoded.body, decoded.end);
    }
    return this.#received.length < length ? undefined : this.#complete(this.#received.subarray(0, length), length);
  }

  /** Returns the response that the end of the connection completes. */
  end(): HttpResponse | undefined {
    if (this.#head?.length !== "until the end") return undefined;
    return this.#complete(this.#received, this.#received.length);
  }

  #takeHead(): Head | undefined {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) {
      if (this.#received.length > HEAD_BYTES_MAX) throw new InvalidResponse("The head of a response is too long.");
      return undefined;
    }
    const text = this.#received.toString("latin1", 0, end);
    this.#received = this.#received.subarray(end + 4);
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(text)?.[1]);
    if (!(status >= 100)) throw new InvalidResponse("A response does not start with the status line of HTTP/1.1.");
    // An interim response precedes the response: https://www.rfc-editor.org/rfc/rfc9110#name-informational-1xx
    if (status < 200) return this.#takeHead();
    return { status, text, length: lengthOf(text, status) };
  }

  #complete(body: Buffer, end: number): HttpResponse {
    const { status, text, length } = this.#head as Head;
    const rest = this.#received.length - end;
    const isClosing = headerIn(text, "connection")?.toLowerCase() === "close" || text.startsWith("HTTP/1.0");
    this.isReusable = !isClosing && length !== "until the end" && rest === 0;
    this.#received = EMPTY;
    this.#head = undefined;
    return { status, header: (name) => headerIn(text, name), body };
  }
}

function lengthOf(head: string, status: number): Head["length"] {
  if (status === 204 || status === 304) return 0;
  const coding = headerIn(head, "transfer-encoding");
  if (coding?.toLowerCase() === "chunked") return "chunked";
  if (coding !== undefined) throw new InvalidResponse(`The transfer coding "${coding}" is not supported.`);
  const length = headerIn(head, "content-length");
  if (length === undefined) return "until the end";
  if (!/^\d{1,15}$/.test(length)) throw new InvalidResponse(`The content length "${length}" is not a number.`);
  return Number(length);
}

/** The patterns of the headers that are read. */
const PATTERNS = new Map<string, RegExp>();

function headerIn(head: string, name: string): string | undefined {
  let pattern = PATTERNS.get(name);
  if (!pattern) {
    pattern = new RegExp(`\\r\\n${name}:[ \\t]*(.*?)[ \\t]*(?:\\r|$)`, "i");
    PATTERNS.set(name, pattern);
  }
  return pattern.exec(head)?.[1];
}

interface Chunks {
  readonly body: Buffer;
  /** The number of bytes with which the chunks end. */
  readonly end: number;
}

/** Undefined if the last chunk has not arrived. */
function decodeChunks(received: Buffer): Chunks | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const chunk = chunkAt(received, at);
    if (!chunk) return undefined;
    const { start, end } = chunk;
    if (start === end) return lastChunk(received, chunks, start);
    chunks.push(received.subarray(start, end));
    at = end + CRLF.length;
  }
}

const CRLF = "\r\n";

/** The place of the data of a chunk. Undefined if its size has not arrived. */
function chunkAt(received: Buffer, at: number): { readonly start: number; readonly end: number } | undefined {
  const lineEnd = received.indexOf(CRLF, at);
  if (lineEnd < 0) return undefined;
  const size = /^[\da-f]{1,8}/i.exec(received.toString("latin1", at, lineEnd))?.[0];
  if (size === undefined) throw new InvalidResponse("A chunk of a response has no size.");
  const start = lineEnd + CRLF.length;
  return { start, end: start + Number.parseInt(size, 16) };
}

/** Trailers end with an empty line. They are ignored. */
function lastChunk(received: Buffer, chunks: readonly Buffer[], start: number): Chunks | undefined {
  // The empty line can follow the last chunk immediately.
  const end = received.indexOf(CRLF + CRLF, start - CRLF.length);
  return end < 0 ? undefined : { body: Buffer.concat(chunks), end: end + 2 * CRLF.length };
}
