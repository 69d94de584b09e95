const REDACTED = "[redacted]";

/** Shorter values are words, not tokens. */
const SECRET_CHARACTERS_MIN = 8;

/** Matches the tokens, keys and hashes of all services, and no ordinary word. */
const TOKEN = /[\w+=~-]{20,}/g;

const DETAIL_CHARACTERS_MAX = 200;

/**
 * Removes every string in `hidden`, at any depth, as plain text, URL-encoded or in base64. Also removes anything that looks
 * like a token: a service can mention one that `hidden` does not contain.
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

/** Includes every string, so new fields of a credential are hidden without further code. */
function textsOf(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsOf);
  return typeof value === "string" && value.length >= SECRET_CHARACTERS_MIN ? [value] : [];
}
