/** What users are called who have chosen no name: this, and six characters. */
const GUEST = "guest-";

export const guestName = (suffix: string): string => GUEST + suffix;

export const isGuest = (user: string): boolean => user.startsWith(GUEST);

/** Who says in `ops` what became of a service: whom an issuer calls so could say what never was. */
export const CHAT_OPS = "chat-ops";

export const NAME_CHARACTERS_MAX = 32;

/** As many as the subject of an OpenID token may have. https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
export const USER_CHARACTERS_MAX = 255;

/** What a chosen name must be, for a person. */
export const NAME_RULE = `it must have 1 to ${NAME_CHARACTERS_MAX} visible characters in Unicode's form NFC, with single spaces only between them, and not begin with "${GUEST}"`;

/** Whether a guest may choose the name. Names that look alike are the concern of `name`. */
export const isName = (text: string): boolean =>
  [...text].length <= NAME_CHARACTERS_MAX && isDistinct(text) && !isGuest(text);

/** Whether an authenticated user may have the name, which the issuer has given. */
export const isUser = (text: string): boolean =>
  [...text].length <= USER_CHARACTERS_MAX && isDistinct(text) && text !== CHAT_OPS;

/** Words of visible characters with single spaces between them. */
const WORDS = /^[^\p{C}\p{Z}]+( [^\p{C}\p{Z}]+)*$/u;

/** These are shown as nothing: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point, and a few that are blank. */
const BLANK = /[\p{Default_Ignorable_Code_Point}\u2800\uFFFC\u{13441}\u{13442}\u{16FE4}\u{1D159}]/u;

/** Marks without a letter, or so many that nobody can read the letter. https://www.unicode.org/reports/tr39/#Optional_Detection */
const STRAY_MARKS = /(^| )\p{M}|\p{Mn}{5}|(\p{Mn})\2/u;

/** Whether no other text is shown the same only because of its encoding, of spaces or of invisible characters. */
const isDistinct = (text: string): boolean =>
  text === text.normalize("NFC") && WORDS.test(text) && !BLANK.test(text) && !STRAY_MARKS.test(text.normalize("NFD"));
