/** The claims that the page reads. The chat verifies the token; the page only reads it to know what to offer. */
interface Claims {
  readonly sub?: string;
  readonly groups?: unknown;
  readonly "cognito:groups"?: unknown;
}

function claimsOf(token: string): Claims {
  try {
    const base64 = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

/** The groups of the user of a token. */
export function groupsIn(token: string): readonly string[] {
  const claims = claimsOf(token);
  const groups = claims["cognito:groups"] ?? claims.groups;
  return Array.isArray(groups) ? groups.map(String) : [];
}

/** The id of the user of a token. */
export const subjectOf = (token: string): string | undefined => claimsOf(token).sub;
