/** A user without a chosen name is called this and six characters. */
const GUEST = "guest-";

export const guestName = (suffix: string): string => GUEST + suffix;

export const isGuest = (user: string): boolean => user.startsWith(GUEST);

/** The sender of announcements in the channel `ops`. Reserved, so that no user can forge an announcement. */
export const CHAT_OPS = "chat-ops";

export const NAME_CHARACTERS_MAX = 32;

/** The maximum length of the subject of an OpenID token. https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
export const USER_CHARACTERS_MAX = 255;

/** The rule for a chosen name, for error messages and docs. */
export const NAME_RULE = `it must have 1 to ${NAME_CHARACTERS_MAX} visible characters in Unicode form NFC, only single spaces between them, and not begin with "${GUEST}"`;

/** Whether a guest may choose the name. The route `name` also rejects a name that looks like one in use. */
export const isName = (text: string): boolean =>
  [...text].length <= NAME_CHARACTERS_MAX && isDistinct(text) && !isGuest(text);

/** Whether the chat accepts the name that an issuer gave to a user. */
export const isUser = (text: string): boolean =>
  [...text].length <= USER_CHARACTERS_MAX && isDistinct(text) && text !== CHAT_OPS;

/** Words of visible characters with single spaces between them. */
const WORDS = /^[^\p{C}\p{Z}]+( [^\p{C}\p{Z}]+)*$/u;

/** Invisible characters: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point, and a few that are blank. */
const BLANK = /[\p{Default_Ignorable_Code_Point}\u2800\uFFFC\u{13441}\u{13442}\u{16FE4}\u{1D159}]/u;

/** Marks without a letter, or so many that the letter is unreadable. https://www.unicode.org/reports/tr39/#Optional_Detection */
const STRAY_MARKS = /(^| )\p{M}|\p{Mn}{5}|(\p{Mn})\2/u;

/** Whether no other text looks the same only because of its encoding, of spaces or of invisible characters. */
const isDistinct = (text: string): boolean =>
  text === text.normalize("NFC") && WORDS.test(text) && !BLANK.test(text) && !STRAY_MARKS.test(text.normalize("NFD"));
