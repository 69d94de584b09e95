/** An opening handshake, and the response. */
export interface HandshakeCase {
  readonly title: string;
  /** The section of RFC 6455. */
  readonly section: string;
  /** Replaces `GET PATH HTTP/1.1`; HOST and PATH stand for those of the server. */
  readonly start?: string;
  /** Replaces headers of a valid handshake. Undefined omits one, and a list repeats one. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly status: number;
  /** Headers of the response, with names in lower case. Undefined: the header is absent. */
  readonly response?: Readonly<Record<string, string | undefined>>;
  /** Why API Gateway differs from RFC 6455, with the rule in docs/api-gateway-rules.md. */
  readonly gateway?: string;
  /** The status of a server of ws, if it differs. */
  readonly ws?: number;
}

const KEY = "Sec-WebSocket-Key";
const VERSION = "Sec-WebSocket-Version";
const PROTOCOL = "Sec-WebSocket-Protocol";
const EXTENSIONS = "Sec-WebSocket-Extensions";

/** The example in RFC 6455. https://datatracker.ietf.org/doc/html/rfc6455#section-1.3 */
export const SAMPLE_KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = { "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" };

const SUPPORTED = { [VERSION.toLowerCase()]: "13" };

const NO_PROTOCOL = { [PROTOCOL.toLowerCase()]: undefined };
const NO_EXTENSION = { [EXTENSIONS.toLowerCase()]: undefined };

const requestLine: readonly HandshakeCase[] = [
  {
    title: "the example of the RFC",
    section: "1.3",
    status: 101,
    response: { ...ACCEPT, ...NO_PROTOCOL, ...NO_EXTENSION, upgrade: "websocket", connection: "Upgrade" },
  },
  { title: "a query string", section: "4.1", start: "GET PATH?a=b HTTP/1.1", status: 101, response: ACCEPT },
  { title: "an absolute URI", section: "4.1", start: "GET http://HOSTPATH HTTP/1.1", status: 101, response: ACCEPT },
  { title: "the method POST", section: "4.2.1", start: "POST PATH HTTP/1.1", status: 400, ws: 405 },
  { title: "the method HEAD", section: "4.2.1", start: "HEAD PATH HTTP/1.1", status: 400, ws: 405 },
  { title: "HTTP/1.0", section: "4.2.1", start: "GET PATH HTTP/1.0", status: 400, ws: 101 },
  { title: "HTTP/1.2", section: "4.2.1", start: "GET PATH HTTP/1.2", status: 400 },
  { title: "HTTP/2.0 in clear text", section: "4.2.1", start: "GET PATH HTTP/2.0", status: 400, ws: 101 },
  {
    title: "no Host header",
    section: "4.2.1",
    headers: { Host: undefined },
    status: 421,
    gateway: "the emulator answers only requests for loopback",
    ws: 101,
  },
];

const upgrade: readonly HandshakeCase[] = [
  { title: "Upgrade: WebSocket", section: "4.2.1", headers: { Upgrade: "WebSocket" }, status: 101, response: ACCEPT },
  {
    title: "Upgrade: h2c, websocket",
    section: "4.2.1",
    headers: { Upgrade: "h2c, websocket" },
    status: 101,
    response: { upgrade: "websocket" },
    ws: 400,
  },
  { title: "Upgrade: h2c", section: "4.2.1", headers: { Upgrade: "h2c" }, status: 400 },
  { title: "Upgrade: websocket2", section: "4.2.1", headers: { Upgrade: "websocket2" }, status: 400 },
  { title: "no Upgrade header", section: "4.2.1", headers: { Upgrade: undefined }, status: 426 },
  { title: "Connection: upgrade", section: "4.2.1", headers: { Connection: "upgrade" }, status: 101 },
  {
    title: "Connection: keep-alive, Upgrade",
    section: "4.2.1",
    headers: { Connection: "keep-alive, Upgrade" },
    status: 101,
  },
  {
    title: "two Connection headers",
    section: "4.2.1",
    headers: { Connection: ["keep-alive", "Upgrade"] },
    status: 101,
  },
  { title: "Connection: keep-alive", section: "4.2.1", headers: { Connection: "keep-alive" }, status: 426 },
  { title: "no Connection header", section: "4.2.1", headers: { Connection: undefined }, status: 426 },
  {
    title: "header names in another case",
    section: "4.2.1",
    headers: { [KEY]: undefined, "SEC-WEBSOCKET-KEY": SAMPLE_KEY, Upgrade: undefined, uPGRADE: "websocket" },
    status: 101,
    response: ACCEPT,
  },
  {
    title: "spaces around values",
    section: "4.2.1",
    headers: { [KEY]: `   ${SAMPLE_KEY} \t`, Upgrade: "\twebsocket  " },
    status: 101,
    response: ACCEPT,
  },
  { title: "an unknown header", section: "4.2.1", headers: { "X-Unknown": "1" }, status: 101 },
  {
    title: "another origin",
    section: "10.2",
    headers: { Origin: "https://example.com" },
    status: 101,
    gateway: "the authorizer decides",
  },
];

const keys: readonly HandshakeCase[] = [
  ...(
    [
      ["no key", undefined],
      ["an empty key", ""],
      ["a key of 15 bytes", "AAAAAAAAAAAAAAAAAAAA"],
      ["a key of 17 bytes", "AAAAAAAAAAAAAAAAAAAAAAA="],
      ["a key without padding", "dGhlIHNhbXBsZSBub25jZQ"],
      ["a key with another character", "dGhlIHNhbXBsZSBub25j!Q=="],
      ["a key in base64url", "dGhlIHNhbXBsZSBub25j_w=="],
      ["two keys", [SAMPLE_KEY, SAMPLE_KEY]],
    ] as const
  ).map(([title, value]) => ({ title, section: "4.2.1", headers: { [KEY]: value }, status: 400 })),
  {
    title: "a key with + and /",
    section: "4.2.1",
    headers: { [KEY]: "+/+/+/+/+/+/+/+/+/+/+w==" },
    status: 101,
  },
  ...(
    [
      ["no version", undefined],
      ["an empty version", ""],
      ["the version 12", "12"],
      ["the version 14", "14"],
      ["the version list 13, 8", "13, 8"],
      ["two versions", ["13", "13"]],
    ] as const
  ).map(([title, value]) => ({
    title,
    section: "4.4",
    headers: { [VERSION]: value },
    status: 426,
    response: SUPPORTED,
    ws: 400,
  })),
  ...["8", "013"].map((version) => ({
    title: `the version ${version}`,
    section: "4.4",
    headers: { [VERSION]: version },
    status: 426,
    response: SUPPORTED,
    ws: 101,
  })),
];

const HS_40 = "HS-40: $connect selects the subprotocol";

const negotiation: readonly HandshakeCase[] = [
  {
    title: "offered subprotocols, none selected",
    section: "4.2.2",
    headers: { [PROTOCOL]: "a, b" },
    status: 101,
    response: NO_PROTOCOL,
    gateway: HS_40,
  },
  {
    title: "offered subprotocols, one selected",
    section: "4.2.2",
    start: "GET PATH?select=b HTTP/1.1",
    headers: { [PROTOCOL]: "a, b" },
    status: 101,
    response: { [PROTOCOL.toLowerCase()]: "b" },
    gateway: HS_40,
  },
  {
    title: "subprotocols in two headers",
    section: "11.3.4",
    start: "GET PATH?select=b HTTP/1.1",
    headers: { [PROTOCOL]: ["a", "b"] },
    status: 101,
    response: { [PROTOCOL.toLowerCase()]: "b" },
    gateway: HS_40,
  },
  {
    title: "a selected subprotocol that was not offered",
    section: "4.2.2",
    start: "GET PATH?select=c HTTP/1.1",
    headers: { [PROTOCOL]: "a, b" },
    status: 101,
    response: { [PROTOCOL.toLowerCase()]: "c" },
    gateway: `${HS_40}, and the client must fail`,
  },
  ...["a,,b", "a b", "a, a", ""].map((offered) => ({
    title: `the invalid list of subprotocols "${offered}"`,
    section: "4.1",
    headers: { [PROTOCOL]: offered },
    status: 101,
    response: NO_PROTOCOL,
    gateway: "HS-43: $connect validates the list",
    ws: 400,
  })),
  {
    title: "permessage-deflate",
    section: "9.1",
    headers: { [EXTENSIONS]: "permessage-deflate; client_max_window_bits" },
    status: 101,
    response: NO_EXTENSION,
    gateway: "HS-44: no extensions",
  },
  ...["permessage-unknown; x", "a, b;;"].map((extension) => ({
    title: `the extension "${extension}"`,
    section: "9.1",
    headers: { [EXTENSIONS]: extension },
    status: 101,
    response: NO_EXTENSION,
  })),
];

const syntax: readonly HandshakeCase[] = [
  { title: "a header without a colon", section: "4.2.1", headers: { "No colon\r\nX": "" }, status: 400 },
  { title: "a space before the colon", section: "4.2.1", headers: { "X ": "1" }, status: 400 },
  {
    title: "headers of 20 KB",
    section: "4.2.1",
    headers: { "X-Long": "x".repeat(20_480) },
    status: 431,
  },
];

/** Cases by their heading in docs/conformance.md. */
export const handshakeCases: Readonly<Record<string, readonly HandshakeCase[]>> = {
  "Request line": requestLine,
  "Upgrade headers": upgrade,
  "Key and version": keys,
  "Subprotocols and extensions": negotiation,
  "HTTP syntax": syntax,
};

/** The bytes of a request to a server. */
export function requestOf(
  { start = "GET PATH HTTP/1.1", headers = {} }: Pick<HandshakeCase, "start" | "headers">,
  { host, path }: { readonly host: string; readonly path: string },
): string {
  const all = {
    Host: host,
    Upgrade: "websocket",
    Connection: "Upgrade",
    [KEY]: SAMPLE_KEY,
    [VERSION]: "13",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}`),
  );
  return [start.replace("HOST", host).replace("PATH", path), ...lines, "", ""].join("\r\n");
}
