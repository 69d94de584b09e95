/* The parameters of commands that name a user. */

/** The user and the text of `NAME TEXT`, or of `"A NAME" TEXT`. */
export function addressed(parameters: string): { readonly user: string; readonly text: string | undefined } {
  const [, quoted, plain = "", text] = /^(?:"([^"]+)"|(\S+))\s+(.+)$/s.exec(parameters) ?? [];
  return { user: quoted ?? plain, text };
}

/** A name can have quotes around it, which are required only if its last word could be taken for an emoji or a number. */
export const unquoted = (user: string): string => user.replace(/^"(.+)"$/s, "$1");

/** The user and the emoji of `USER [EMOJI]`. */
export function reactionIn(parameters: string): { readonly user: string; readonly emoji: string | null } {
  const [, before = "", word = ""] = /^(.+?)\s+(\S+)$/s.exec(parameters) ?? [];
  const emoji = emojiOf(word);
  return { user: unquoted(emoji === undefined ? parameters : before), emoji: emoji ?? null };
}

const RGI_EMOJI = "\\p{RGI_Emoji}";
const EMOJI = new RegExp(`^${RGI_EMOJI}$`, "v");

/** Undefined if the word is part of a name. The chat explains why it refuses other symbols. */
function emojiOf(word: string): string | undefined {
  // Some keyboards leave out the variation selector, which the chat requires. https://www.unicode.org/reports/tr51/
  const emoji = [word, `${word}\uFE0F`].find((form) => EMOJI.test(form));
  return emoji ?? (/^[^\s\p{L}\p{N}\p{P}]+$/u.test(word) ? word : undefined);
}
