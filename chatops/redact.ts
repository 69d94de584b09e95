const REDACTED = "[redacted]";

/** Shorter than this it is a word, not a token. */
const SECRET_CHARACTERS_MIN = 8;

/** Tokens, keys and hashes of every service look like this, and no word does. */
const TOKEN = /[\w+=~-]{20,}/g;

const DETAIL_CHARACTERS_MAX = 200;

/**
 * Words of a service, without any text in `hidden`, however deep, plain, URL-encoded or in base64; and without anything
 * that looks like a token, for a service may name one that we do not know.
 */
export function redact(text: string, hidden: unknown): string {
  const secrets = textsOf(hidden)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .sort((one, other) => other.length - one.length);
  return secrets
    .reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
    .replace(TOKEN, REDACTED)
    .replace(/[\p{C}\s]+/gu, " ")
    .slice(0, DETAIL_CHARACTERS_MAX)
    .trim();
}

/** Every text, for example in a credential: whoever adds a field need not remember to hide it. */
function textsOf(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf);
  return typeof value === "string" && value.length >= SECRET_CHARACTERS_MIN ? [value] : [];
}
