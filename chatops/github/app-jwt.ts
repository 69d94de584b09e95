import { sign } from "node:crypto";
import type { GitHubCredential } from "./credential.ts";

/** GitHub takes ten minutes at most, and its clock may be ahead or behind. */
const LIFE_SECONDS = 9 * 60;
const DRIFT_SECONDS = 60;

const encode = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");

/**
 * What an App says who it is with. `now` in epoch milliseconds.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function appJwt({ appId, privateKey }: GitHubCredential, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - DRIFT_SECONDS, exp: seconds + LIFE_SECONDS, iss: appId };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
