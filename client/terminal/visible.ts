/** What could move the cursor, colour, rename the window, or turn the direction of what follows. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The pictures that Unicode has for C0 and DEL; others have none. */
const pictureOf = (control: string): string => {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\uFFFD";
};

/** A text of somebody else's, on one line, with nothing in it that a terminal would obey. */
export const visible = (text: string): string => text.replaceAll("\t", " ").replaceAll(CONTROLS, pictureOf);

/** The same for what may have lines, which are kept. */
export const visibleLines = (text: string): string[] => text.split(/\r\n|[\n\r\u2028\u2029]/).map(visible);
