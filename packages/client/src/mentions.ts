import { MENTIONS_MAX } from "./protocol.ts";

/** A mention in a message text: `@` and the name of a user. */
export interface Mention {
  readonly user: string;
  /** The position of the `@`. */
  readonly start: number;
  /** The position after the name. */
  readonly end: number;
}

/** Two code units before and after the name, because a character can have two. */
const ENDS_IN_WORD = /[\p{L}\p{M}\p{N}_]$/u;
const CONTINUES_WORD = /^-?[\p{L}\p{M}\p{N}_]/u;

/** Finds these users' names in a text, where they follow an `@` at the beginning of a word. Names can have spaces. */
export function findMentions(text: string, users: Iterable<string>): Mention[] {
  // If both "anna" and "anna b" match, the longer name is the mention.
  const longestFirst = [...users].sort((one, other) => other.length - one.length);
  const mentions: Mention[] = [];
  for (let start = text.indexOf("@"); start !== -1; ) {
    const isWord = ENDS_IN_WORD.test(text.slice(Math.max(0, start - 2), start));
    const user = isWord ? undefined : longestFirst.find((name) => isNameAt(text, start + 1, name));
    const end = start + 1 + (user?.length ?? 0);
    if (user !== undefined) mentions.push({ user, start, end });
    start = text.indexOf("@", end);
  }
  return mentions;
}

function isNameAt(text: string, start: number, name: string): boolean {
  const end = start + name.length;
  return text.startsWith(name, start) && !CONTINUES_WORD.test(text.slice(end, end + 3));
}

/** The users that a text mentions, each once, for the option `mentions` of `send`: the first 20. */
export const mentionsIn = (text: string, users: Iterable<string>): string[] =>
  [...new Set(findMentions(text, users).map(({ user }) => user))].slice(0, MENTIONS_MAX);
