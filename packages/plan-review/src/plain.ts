/** Longer values are cut: a dashboard is thousands of characters. */
const CHARACTERS_MAX = 300;

/** A value on one line, without characters that move the cursor, hide text or turn it around. */
export function plain(value: string): string {
  const text = value.replaceAll(/[\r\n\u2028\u2029]+/g, "⏎").replaceAll(/[\p{Cc}\p{Cf}]/gu, escaped);
  const cut = [...text];
  return cut.length <= CHARACTERS_MAX
    ? text
    : `${cut.slice(0, CHARACTERS_MAX).join("")}… (${cut.length.toLocaleString("en")} characters)`;
}

const escaped = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`;
