/** Characters that move the cursor, set colors, rename the window or change the direction of the text after them. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Unicode has symbols for C0 and DEL, and none for other control characters. */
const pictureOf = (control: string): string => {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\uFFFD";
};

/** Text of another user on one line, without characters that control the terminal. */
export const visible = (text: string): string => text.replaceAll("\t", " ").replaceAll(CONTROLS, pictureOf);

/** The same for text with several lines. */
export const visibleLines = (text: string): string[] => text.split(/\r\n|[\n\r\u2028\u2029]/).map(visible);
