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
export const NAME_RULE = `it must have 1 to ${NAME_CHARACTERS_MAX} printable characters, in Unicode's form NFC, without a space at either end, and not begin with "${GUEST}"`;

/** Spaces within a name are fine; other separators, controls and what Unicode has not assigned are not. */
export const isName = (text: string): boolean =>
  [...text].length <= NAME_CHARACTERS_MAX && isPrintable(text) && text === text.normalize("NFC") && !isGuest(text);

/** Whether somebody who was authenticated can be called so: whatever the issuer says, as long as it can be shown. */
export const isUser = (text: string): boolean =>
  [...text].length <= USER_CHARACTERS_MAX && isPrintable(text) && text !== CHAT_OPS;

const isPrintable = (text: string): boolean => /^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u.test(text);
