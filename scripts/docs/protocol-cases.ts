import { type FrameCase, frameCases } from "@serverless-chat/emulator/testing/frame-cases";
import { type HandshakeCase, handshakeCases } from "@serverless-chat/emulator/testing/handshake-cases";
import { table } from "./markdown.ts";

/* The cases of RFC 6455 that the emulator's tests run. */

type Cases<Case> = Readonly<Record<string, readonly Case[]>>;

const count = (cases: Cases<unknown>): number => Object.values(cases).flat().length;

export const protocolCount = `\n${count(handshakeCases) + count(frameCases)} cases: ${count(handshakeCases)} opening handshakes, and ${count(frameCases)} sequences of frames.\n\n`;

const section = (number: string): string =>
  `[${number}](https://datatracker.ietf.org/doc/html/rfc6455#section-${number})`;

/** Control characters and characters without a glyph are escaped, so that the page is plain text. */
const code = (text: string): string =>
  `\`${text.replaceAll(/[\p{C}]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`)}\``;

const LONG = 40;

/** What a server sends: a run of one character is shown once. */
const framesOf = (frames: readonly string[]): string =>
  frames.map((frame) => code(frame.length > LONG ? frame.replace(/(.)\1{20,}/, "$1…") : frame)).join(", ");

function handshakeRow({ title, section: number, status, gateway = "", ws }: HandshakeCase): string[] {
  return [title, section(number), String(status), ws === undefined ? "" : String(ws), gateway];
}

const sameFrames = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

function frameRow({ title, section: number, receives, gateway = "", ws, undici }: FrameCase): string[] {
  const others = sameFrames(ws, undici) ? [["both", ws] as const] : [["ws", ws] as const, ["undici", undici] as const];
  const differences = others.flatMap(([name, frames]) => (frames ? [`${name}: ${framesOf(frames)}`] : []));
  return [title, section(number), framesOf(receives), differences.join("; "), gateway];
}

/** One table for each heading. */
function tables<Case>(cases: Cases<Case>, heads: readonly string[], row: (each: Case) => readonly string[]): string {
  const parts = Object.entries(cases).map(([heading, all]) => `#### ${heading}\n${table(heads, all.map(row))}`);
  return `\n${parts.join("\n")}\n`;
}

const LAST = "why API Gateway differs from the RFC";

export const handshakeTables = tables(
  handshakeCases,
  ["request with", "RFC", "status", "ws, if it differs", LAST],
  handshakeRow,
);

export const frameTables = tables(
  frameCases,
  ["the client sends", "RFC", "the server sends", "others, if they differ", LAST],
  frameRow,
);
