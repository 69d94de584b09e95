import { findMentions } from "@serverless-chat/client";

/** A part of a message text. The page renders each part as a text node, so markup in a message is never interpreted. */
export interface TextPart {
  readonly kind: "text" | "code" | "block" | "link" | "mention";
  readonly text: string;
}

/** In this order: a fenced block, code within a line, or an address. */
const MARKUP = /```(?:[\w+-]*\n)?(?<block>[\s\S]+?)\n?```|`(?<code>[^`\n]+)`|(?<url>\bhttps?:\/\/[^\s<>"'`]+)/giu;

/** Splits a message text into plain text, code, links, and mentions of the users that the message mentions. */
export const textParts = (text: string, mentions: readonly string[] = []): readonly TextPart[] =>
  markedParts(text).flatMap((part) => (part.kind === "text" ? mentionParts(part.text, mentions) : [part]));

function mentionParts(text: string, users: readonly string[]): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { start, end } of findMentions(text, users)) {
    if (start > from) parts.push({ kind: "text", text: text.slice(from, start) });
    parts.push({ kind: "mention", text: text.slice(start, end) });
    from = end;
  }
  return from < text.length ? [...parts, { kind: "text", text: text.slice(from) }] : parts;
}

function markedParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    const { block, code, url } = match.groups ?? {};
    const address = url === undefined ? undefined : withoutPunctuation(url);
    const length = address?.length ?? match[0].length;
    const part = address === undefined ? codePart(block, code) : linkPart(address);
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(part);
    end = match.index + length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

const codePart = (block: string | undefined, code: string | undefined): TextPart =>
  block === undefined ? { kind: "code", text: code ?? "" } : { kind: "block", text: block };

/** Only http and https addresses match, so a link cannot run a script. */
const linkPart = (text: string): TextPart => ({ kind: URL.canParse(text) ? "link" : "text", text });

/** A period or a closing bracket after an address usually belongs to the sentence. */
function withoutPunctuation(url: string): string {
  const ending = url.includes("(") ? ".,;:!?" : ".,;:!?)";
  let end = url.length;
  while (ending.includes(url.charAt(end - 1))) end -= 1;
  return url.slice(0, end);
}
