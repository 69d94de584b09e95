import type { Random } from "./random.ts";
import { frame, OPCODE } from "./raw-websocket.ts";

/* Random invalid input: frames, messages, and requests as text. */

const MESSAGES: readonly string[] = [
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "$connect", "$disconnect", "$default"].map((message) =>
    JSON.stringify({ message }),
  ),
  '{"__proto__":{"message":"say"}}',
  '{"message":{"__proto__":null}}',
  '{"message":"say","message":"other"}',
  '{"message":1e999}',
  '{"message":"\\ud800"}',
  `{"message":"${"x".repeat(20_000)}"}`,
  "[".repeat(5_000),
  `{"message":${"[".repeat(4_000)}${"]".repeat(4_000)}}`,
  `{"message":${'{"message":'.repeat(1_000)}1${"}".repeat(1_000)}}`,
  '{"message":'.repeat(2_000),
  "\ufeff{}",
  "\u0000",
  "",
  "null",
];

const text = (payload: string | Uint8Array, isFinal = true): Buffer => frame({ opcode: OPCODE.text, payload, isFinal });

/** A frame header for this number of bytes, without a payload. */
function headerOnly(bytes: bigint): Buffer {
  const head = Buffer.alloc(14);
  head.writeUInt16BE(0x81ff, 0);
  head.writeBigUInt64BE(bytes, 2);
  return head;
}

const FRAMES: readonly ((random: Random) => Buffer)[] = [
  (random) => text(random.pick(MESSAGES)),
  (random) => text(random.pick(MESSAGES)),
  (random) => text(random.pick(MESSAGES)),
  (random) => text(Buffer.concat([Buffer.from("é"), random.bytes(9), Buffer.from([0xc3, 0x28])])),
  (random) => frame({ opcode: OPCODE.text, payload: "unmasked", isMasked: random.below(4) > 0 }),
  (random) => frame({ opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload: random.bytes(5) }),
  (random) => Buffer.concat([Buffer.from([0x80 | (random.below(8) << 4) | 1, 0x80]), random.bytes(4)]),
  (random) => text("begun", random.below(2) > 0),
  () => frame({ opcode: OPCODE.continuation, payload: "of nothing" }),
  (random) => frame({ opcode: OPCODE.ping, payload: random.bytes(random.below(126)) }),
  () => frame({ opcode: OPCODE.ping, payload: "x".repeat(126) }),
  () => frame({ opcode: OPCODE.ping, isFinal: false }),
  (random) => frame({ opcode: OPCODE.pong, payload: random.bytes(3) }),
  (random) => frame({ opcode: OPCODE.close, payload: Buffer.from([random.below(256), random.below(256)]) }),
  () => frame({ opcode: OPCODE.close, payload: Buffer.from([3]) }),
  (random) => frame({ opcode: OPCODE.close, payload: Buffer.from([0x0f, 0xa0, ...random.bytes(20)]) }),
  (random) => frame({ opcode: OPCODE.binary, payload: random.bytes(50) }),
  () => text("x".repeat(32_769)),
  () => headerOnly(2n ** 63n),
  () => headerOnly(2n ** 53n + 1n),
  (random) => headerOnly(BigInt(random.below(1_000_000))),
  (random) => random.bytes(1 + random.below(30)),
];

export const hostileFrame = (random: Random): Buffer => random.pick(FRAMES)(random);

const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW", "get", ""];

const pathsOf = (stage: string): readonly string[] => [
  ...[stage, `${stage}/`, `${stage}?a=%`, `${stage}?${"a=1&".repeat(50)}`, `${stage}?__proto__=1&constructor=2`],
  ...["", "/", "//", "///", `/${stage}`, `${stage}//`, `${stage}/../${stage}`, `/..${stage}`, `${stage}%2f`, "*"],
  ...[
    "/%2e%2e/",
    "/%00",
    "/%",
    "/%zz",
    "http://elsewhere/test",
    "http:///",
    `ws://h${stage}`,
    "?",
    "#",
    stage.slice(1),
  ],
  ...["", "%", "%00", "../x", "a%2Fb", "AAAAAAAAAAAAAAA%3D", "__proto__", "x".repeat(3_000)].map(
    (id) => `${stage}/@connections/${id}`,
  ),
  ...[`${stage}/%40connections/`, "/@connections/x", `/other/@connections/x`, `${stage}?${"x".repeat(5_000)}`],
  "/2015-03-31/functions/x/invocations",
];

const HEADERS: readonly ((random: Random) => string)[] = [
  () => "Connection: Upgrade\r\nUpgrade: websocket",
  () => "Connection: upgrade, close\r\nUpgrade: h2c",
  () => "Sec-WebSocket-Version: 13",
  (random) => `Sec-WebSocket-Version: ${random.pick(["8", "14", "-1", "13, 8", "x"])}`,
  () => "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  (random) => `Sec-WebSocket-Key: ${random.pick(["", "short", "dGhlIHNhbXBsZSBub25jZQ", "=".repeat(24)])}`,
  (random) => `Sec-WebSocket-Protocol: ${random.pick(["a, a", "a,,b", ",", "é", "a b", "chat.v1", "x".repeat(2_000)])}`,
  (random) => `Sec-WebSocket-Extensions: ${random.pick(["permessage-deflate; =", ";;;", 'x; y="', "a, a"])}`,
  (random) => `Content-Length: ${random.pick(["0", "5", "-1", "1e9", "99999999999999999999", "x"])}`,
  () => "Transfer-Encoding: chunked",
  () => "Transfer-Encoding: chunked\r\nContent-Length: 3",
  () => "Authorization: AWS4-HMAC-SHA256 Credential=,,,=",
  () =>
    "Authorization: AWS4-HMAC-SHA256 Credential=local/20261124/eu-west-2/dynamodb/aws4_request, SignedHeaders=host;__proto__, Signature=x\r\nX-Amz-Date: 20261124T000000Z",
  (random) => `X-Amz-Target: DynamoDB_20120810.${random.pick(["Query", "__proto__", "constructor", ""])}`,
  () => `__proto__: x\r\nconstructor: y`,
  (random) => `X-Long: ${"x".repeat(random.pick([100, 5_000, 20_000]))}`,
  () => Array.from({ length: 60 }, (_, index) => `X-${index}: ${index}`).join("\r\n"),
  () => "Expect: 100-continue",
  () => ": no name",
  () => "no colon",
  () => "X-Split: a\n b",
];

/** The emulator refuses other hosts before it reads anything else. */
const HOSTS = ["localhost", "localhost", "127.0.0.1:1", "h", ""];

const BODIES = [
  "",
  "",
  "{}",
  "{",
  "5\r\nhello\r\n0\r\n\r\n",
  "zz\r\n",
  '{"TableName":{"__proto__":1}}',
  "\u0000".repeat(99),
];

/** A random request to the server, the beginning of one, or two requests. */
export function hostileRequest(random: Random, stage: string): string {
  const line = `${random.pick(METHODS)} ${random.pick(pathsOf(stage))} ${random.pick(["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9", ""])}`;
  const host = random.below(5) > 0 ? [`Host: ${random.pick(HOSTS)}`] : [];
  const headers = Array.from({ length: random.below(6) }, () => random.pick(HEADERS)(random));
  const request = `${[line, ...host, ...headers].join("\r\n")}\r\n\r\n${random.pick(BODIES)}`;
  if (random.below(8) === 0) return request.slice(0, random.below(request.length));
  return random.below(8) === 0 ? request + request : request;
}
