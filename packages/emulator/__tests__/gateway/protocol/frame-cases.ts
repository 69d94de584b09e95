import {
  BINARY,
  CLOSE,
  CONTINUATION,
  close,
  FIN,
  frame,
  PING,
  PONG,
  type RawFrame,
  RSV1,
  RSV2,
  RSV3,
  TEXT,
  text,
} from "./frame-bytes.ts";

/** Frames of a client, and the frames that the server sends. The server echoes text and binary messages. */
export interface FrameCase {
  readonly title: string;
  /** The section of RFC 6455. */
  readonly section: string;
  readonly sends: readonly RawFrame[];
  /** All frames of the server, in order. A close frame is the last one. */
  readonly receives: readonly string[];
  /** Why API Gateway differs from RFC 6455, with the rule in docs/api-gateway-rules.md. */
  readonly gateway?: string;
  /** What other implementations do instead: the server of ws, and the client of undici if it receives the frames. */
  readonly ws?: readonly string[];
  readonly undici?: readonly string[];
  /** Splits the bytes into packets of one byte. */
  readonly byByte?: true;
}

const PROTOCOL_ERROR = ["close 1002"];
const NOT_UTF8 = ["close 1007"];

const KILOBYTES_32 = "x".repeat(32_768);
const TOO_LONG = "close 1009 Max frame length of 32768 has been exceeded.";
const LM_01 = "LM-01: a frame has at most 32 KB";

/** A text message in fragments. */
const fragments = (...parts: readonly (string | readonly number[])[]): RawFrame[] =>
  parts.map((part, index) => frame((index === parts.length - 1 ? FIN : 0) | (index === 0 ? TEXT : CONTINUATION), part));

const messages: readonly FrameCase[] = [
  { title: "a text message", section: "5.6", sends: [text("hello")], receives: ["text hello"] },
  { title: "an empty text message", section: "5.6", sends: [text("")], receives: ["text"] },
  ...[125, 126, 127].map((bytes) => ({
    title: `a text message of ${bytes} bytes`,
    section: "5.2",
    sends: [text("x".repeat(bytes))],
    receives: [`text ${"x".repeat(bytes)}`],
  })),
  {
    title: "a frame of 32,768 bytes",
    section: "5.2",
    sends: [text(KILOBYTES_32)],
    receives: ["text of 32768 bytes"],
  },
  {
    title: "a frame of 32,769 bytes",
    section: "5.2",
    sends: [text(`${KILOBYTES_32}x`)],
    receives: [TOO_LONG],
    gateway: LM_01,
    ws: ["text of 32769 bytes"],
    undici: ["text of 32769 bytes"],
  },
  {
    title: "a frame of 65,536 bytes",
    section: "5.2",
    sends: [text("x".repeat(65_536))],
    receives: [TOO_LONG],
    gateway: LM_01,
    ws: ["text of 65536 bytes"],
    undici: ["text of 65536 bytes"],
  },
  {
    title: "a frame that arrives byte by byte",
    section: "5.4",
    sends: [text("hello")],
    receives: ["text hello"],
    byByte: true,
  },
  {
    title: "a mask of zeros",
    section: "5.3",
    sends: [frame(FIN | TEXT, "hello", { mask: [0, 0, 0, 0] })],
    receives: ["text hello"],
  },
  {
    title: "a mask of ones",
    section: "5.3",
    sends: [frame(FIN | TEXT, "hello", { mask: [255, 255, 255, 255] })],
    receives: ["text hello"],
  },
  { title: "a message that contains NUL", section: "5.6", sends: [text("a\0b")], receives: ["text a\0b"] },
];

const masks: readonly FrameCase[] = [
  ["a text frame", FIN | TEXT],
  ["a ping", FIN | PING],
  ["a close frame", FIN | CLOSE],
].map(([title, first]) => ({
  title: `${title} with the wrong mask bit`,
  section: "5.1",
  sends: [frame(first as number, "", { hasWrongMask: true })],
  receives: PROTOCOL_ERROR,
}));

const lengths: readonly FrameCase[] = [
  ...([16, 64] as const).map((lengthBits) => ({
    title: `a length of 5 in ${lengthBits} bits`,
    section: "5.2",
    sends: [frame(FIN | TEXT, "hello", { lengthBits })],
    receives: PROTOCOL_ERROR,
    ws: ["text hello"],
    undici: ["text hello"],
  })),
  {
    title: "a length of 200 in 64 bits",
    section: "5.2",
    sends: [frame(FIN | TEXT, "x".repeat(200), { lengthBits: 64 })],
    receives: PROTOCOL_ERROR,
    ws: ["text of 200 bytes"],
    undici: ["text of 200 bytes"],
  },
  {
    title: "a length of 64 bits whose first bit is set",
    section: "5.2",
    sends: [frame(FIN | TEXT, "", { claims: 2n ** 63n })],
    receives: PROTOCOL_ERROR,
    ws: ["close 1009"],
    undici: ["close 1009"],
  },
  {
    title: "a length of 2^53",
    section: "5.2",
    sends: [frame(FIN | TEXT, "", { claims: 2n ** 53n })],
    receives: [TOO_LONG],
    gateway: LM_01,
    ws: ["close 1009"],
    undici: ["close 1009"],
  },
  {
    title: "a length of 0 in a frame without a payload",
    section: "5.2",
    sends: [frame(FIN | PING)],
    receives: ["pong"],
  },
];

const reserved: readonly FrameCase[] = [
  ...[
    ["RSV1", RSV1],
    ["RSV2", RSV2],
    ["RSV3", RSV3],
    ["all reserved bits", RSV1 | RSV2 | RSV3],
  ].map(([name, bits]) => ({
    title: `${name} in a text frame`,
    section: "5.2",
    sends: [frame(FIN | (bits as number) | TEXT, "hello")],
    receives: PROTOCOL_ERROR,
  })),
  {
    title: "RSV1 in a ping",
    section: "5.2",
    sends: [frame(FIN | RSV1 | PING, "hello")],
    receives: PROTOCOL_ERROR,
  },
  {
    title: "RSV1 in a continuation",
    section: "5.2",
    sends: [frame(TEXT, "a"), frame(FIN | RSV1 | CONTINUATION, "b")],
    receives: PROTOCOL_ERROR,
  },
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
    title: `the reserved opcode ${opcode}`,
    section: "5.2",
    sends: [frame(FIN | opcode, "hello")],
    receives: PROTOCOL_ERROR,
  })),
];

const fragmentation: readonly FrameCase[] = [
  { title: "a message in two fragments", section: "5.4", sends: fragments("hel", "lo"), receives: ["text hello"] },
  {
    title: "a message in three fragments, the second one empty",
    section: "5.4",
    sends: fragments("hel", "", "lo"),
    receives: ["text hello"],
  },
  { title: "a message in three empty fragments", section: "5.4", sends: fragments("", "", ""), receives: ["text"] },
  {
    title: "a message in 1,000 fragments",
    section: "5.4",
    sends: fragments(...Array<string>(1_000).fill("x")),
    receives: ["text of 1000 bytes"],
  },
  {
    title: "a message of 128 KB in fragments of 32 KB",
    section: "5.4",
    sends: fragments(KILOBYTES_32, KILOBYTES_32, KILOBYTES_32, KILOBYTES_32),
    receives: ["text of 131072 bytes"],
  },
  {
    title: "a message of 128 KB and one byte",
    section: "5.4",
    sends: fragments(KILOBYTES_32, KILOBYTES_32, KILOBYTES_32, KILOBYTES_32, "x"),
    receives: ["close 1009"],
    gateway: "LM-02: a message has at most 128 KB",
    ws: ["text of 131073 bytes"],
    undici: ["text of 131073 bytes"],
  },
  {
    title: "a ping between fragments",
    section: "5.4",
    sends: [frame(TEXT, "hel"), frame(FIN | PING, "now"), frame(FIN | CONTINUATION, "lo")],
    receives: ["pong now", "text hello"],
  },
  {
    title: "a pong between fragments",
    section: "5.4",
    sends: [frame(TEXT, "hel"), frame(FIN | PONG, "now"), frame(FIN | CONTINUATION, "lo")],
    receives: ["text hello"],
  },
  {
    title: "a close frame between fragments",
    section: "5.5.1",
    sends: [frame(TEXT, "hel"), close(1000), frame(FIN | CONTINUATION, "lo")],
    receives: ["close 1000"],
  },
  {
    title: "a last fragment without a first one",
    section: "5.4",
    sends: [frame(FIN | CONTINUATION, "lo")],
    receives: PROTOCOL_ERROR,
  },
  {
    title: "a middle fragment without a first one",
    section: "5.4",
    sends: [frame(CONTINUATION, "l")],
    receives: PROTOCOL_ERROR,
  },
  {
    title: "a continuation after the last fragment",
    section: "5.4",
    sends: [...fragments("hel", "lo"), frame(FIN | CONTINUATION, "!")],
    receives: PROTOCOL_ERROR,
    gateway: "ER-10: the response of a function is lost if the connection closes first",
    ws: ["text hello", "close 1002"],
    undici: ["text hello", "close 1002"],
  },
  {
    title: "a new text frame within a fragmented message",
    section: "5.4",
    sends: [frame(TEXT, "hel"), text("lo")],
    receives: PROTOCOL_ERROR,
  },
  {
    title: "a new binary frame within a fragmented message",
    section: "5.4",
    sends: [frame(TEXT, "hel"), frame(FIN | BINARY, "lo")],
    receives: PROTOCOL_ERROR,
  },
];

const control: readonly FrameCase[] = [
  { title: "a ping", section: "5.5.2", sends: [frame(FIN | PING, "hello")], receives: ["pong hello"] },
  {
    title: "a ping of 125 bytes",
    section: "5.5.2",
    sends: [frame(FIN | PING, "x".repeat(125))],
    receives: [`pong ${"x".repeat(125)}`],
  },
  {
    title: "three pings, answered in order",
    section: "5.5.3",
    sends: ["a", "b", "c"].map((payload) => frame(FIN | PING, payload)),
    receives: ["pong a", "pong b", "pong c"],
  },
  {
    title: "an unsolicited pong",
    section: "5.5.3",
    sends: [frame(FIN | PONG, "hello"), frame(FIN | PING, "after")],
    receives: ["pong after"],
  },
  {
    title: "an unsolicited pong of 125 bytes",
    section: "5.5.3",
    sends: [frame(FIN | PONG, "x".repeat(125)), frame(FIN | PING, "after")],
    receives: ["pong after"],
  },
  ...[
    ["ping", PING],
    ["pong", PONG],
    ["close frame", CLOSE],
  ].flatMap(([name, opcode]) => [
    {
      title: `a ${name} of 126 bytes`,
      section: "5.5",
      sends: [frame(FIN | (opcode as number), "x".repeat(126))],
      receives: PROTOCOL_ERROR,
    },
    {
      title: `a fragmented ${name}`,
      section: "5.5",
      sends: [frame(opcode as number, [3, 0xe8])],
      receives: PROTOCOL_ERROR,
    },
  ]),
];

const closing: readonly FrameCase[] = [
  { title: "a close frame without a code", section: "5.5.1", sends: [frame(FIN | CLOSE)], receives: ["close"] },
  {
    title: "a close frame of one byte",
    section: "5.5.1",
    sends: [frame(FIN | CLOSE, [3])],
    receives: PROTOCOL_ERROR,
  },
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map((code) => ({
    title: `the close code ${code}`,
    section: "7.4",
    sends: [close(code)],
    receives: [`close ${code}`],
  })),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => ({
    title: `the invalid close code ${code}`,
    section: "7.4",
    sends: [close(code)],
    receives: PROTOCOL_ERROR,
  })),
  {
    title: "a close frame with a reason",
    section: "5.5.1",
    sends: [close(4000, "bye ✋")],
    receives: ["close 4000 bye ✋"],
  },
  {
    title: "a close frame with a reason of 123 bytes",
    section: "5.5.1",
    sends: [close(1000, "x".repeat(123))],
    receives: [`close 1000 ${"x".repeat(123)}`],
  },
  {
    title: "a close reason that is not UTF-8",
    section: "8.1",
    sends: [close(1000, [0xff])],
    receives: NOT_UTF8,
  },
  {
    title: "a text frame after the close frame",
    section: "5.5.1",
    sends: [close(1000), text("late")],
    receives: ["close 1000"],
  },
  {
    title: "a ping after the close frame",
    section: "5.5.1",
    sends: [close(1000), frame(FIN | PING, "late")],
    receives: ["close 1000"],
  },
  {
    title: "a second close frame",
    section: "5.5.1",
    sends: [close(1000), close(1001)],
    receives: ["close 1000"],
  },
  {
    title: "an invalid frame after the close frame",
    section: "5.5.1",
    sends: [close(1000), frame(FIN | RSV1 | TEXT, "late", { lengthBits: 64 })],
    receives: ["close 1000"],
  },
  {
    title: "a ping after the server's close frame",
    section: "7.1.7",
    sends: [frame(FIN | 3), frame(FIN | PING, "late")],
    receives: PROTOCOL_ERROR,
  },
];

const utf8: readonly FrameCase[] = [
  ...["κόσμε", "👋🏽", "￿", "\u{10ffff}"].map((valid) => ({
    title: `the text ${[...valid].map((each) => `U+${each.codePointAt(0)?.toString(16).toUpperCase()}`).join(" ")}`,
    section: "8.1",
    sends: [text(valid)],
    receives: [`text ${valid}`],
  })),
  {
    title: "a character that is split over two fragments",
    section: "8.1",
    sends: fragments([0xe2, 0x9c], [0x8b]),
    receives: ["text ✋"],
  },
  ...(
    [
      ["the byte FF", [0xff]],
      ["a continuation byte alone", [0x80]],
      ["a truncated character", [0x61, 0xe2, 0x9c]],
      ["an overlong slash of two bytes", [0xc0, 0xaf]],
      ["an overlong slash of three bytes", [0xe0, 0x80, 0xaf]],
      ["an overlong NUL", [0xc0, 0x80]],
      ["a surrogate", [0xed, 0xa0, 0x80]],
      ["a pair of surrogates", [0xed, 0xa0, 0xbd, 0xed, 0xb1, 0x8b]],
      ["a code point above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
      ["a sequence of five bytes", [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ] as const
  ).map(([title, bytes]) => ({ title, section: "8.1", sends: [text(bytes)], receives: NOT_UTF8 })),
  {
    title: "an invalid byte in the second fragment",
    section: "8.1",
    sends: fragments("hel", [0xff]),
    receives: NOT_UTF8,
  },
  {
    title: "a character that is truncated by the end of the message",
    section: "8.1",
    sends: fragments("hel", [0xe2], [0x9c]),
    receives: NOT_UTF8,
  },
  {
    title: "a surrogate that is split over two fragments",
    section: "8.1",
    sends: fragments([0xed], [0xa0, 0x80]),
    receives: NOT_UTF8,
  },
];

const LM_05 = "LM-05: binary messages are not supported";

const binary: readonly FrameCase[] = [
  {
    title: "a binary message",
    section: "5.6",
    sends: [frame(FIN | BINARY, "hello")],
    receives: ["close 1003"],
    gateway: LM_05,
    ws: ["binary hello"],
    undici: ["binary hello"],
  },
  {
    title: "an empty binary message",
    section: "5.6",
    sends: [frame(FIN | BINARY)],
    receives: ["close 1003"],
    gateway: LM_05,
    ws: ["binary"],
    undici: ["binary"],
  },
  {
    title: "a binary message in two fragments",
    section: "5.4",
    sends: [frame(BINARY, "hel"), frame(FIN | CONTINUATION, "lo")],
    receives: ["close 1003"],
    gateway: LM_05,
    ws: ["binary hello"],
    undici: ["binary hello"],
  },
  {
    title: "a binary frame of 32,769 bytes",
    section: "5.6",
    sends: [frame(FIN | BINARY, `${KILOBYTES_32}x`)],
    receives: [TOO_LONG],
    gateway: LM_01,
    ws: ["binary of 32769 bytes"],
    undici: ["binary of 32769 bytes"],
  },
];

/** Cases by their heading in docs/conformance.md. */
export const frameCases: Readonly<Record<string, readonly FrameCase[]>> = {
  Messages: messages,
  Masks: masks,
  Lengths: lengths,
  "Reserved bits and opcodes": reserved,
  Fragmentation: fragmentation,
  "Pings and pongs": control,
  "Closing handshake": closing,
  "UTF-8": utf8,
  "Binary messages": binary,
};
