import { createPrivateKey, sign } from "node:crypto";
import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/frames.ts";
import { type HttpResponse, isJson, serviceUrl } from "../http.ts";
import type { ServiceAccess } from "../service.ts";
import type { ServiceRequest } from "../service-client.ts";

/**
 * A GitHub App, one of its installations, and an access token for that installation, once a rotation has created one. The
 * token is for other readers of the secret, and expires after an hour.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/about-authentication-with-a-github-app
 */
export const GitHubCredential = v.object({
  /** Set it for GitHub Enterprise Server. */
  url: v.optional(serviceUrl, "https://api.github.com"),
  /** The app id or client id. */
  appId: v.string(),
  installationId: v.pipe(v.string(), v.digits()),
  /** In PEM format. GitHub's API cannot create private keys, so replace it manually. */
  privateKey: v.pipe(v.string(), v.check(isPrivateKey)),
  token: v.optional(v.object({ value: v.string(), expiresAt: v.string() })),
});

export type GitHubCredential = v.InferOutput<typeof GitHubCredential>;

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

/** GitHub accepts at most ten minutes, and its clock may differ. */
const LIFE_SECONDS = 9 * 60;
const DRIFT_SECONDS = 60;

const encode = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");

/**
 * The JWT with which the App authenticates. `now` is in epoch milliseconds.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
function appJwt({ appId, privateKey }: GitHubCredential, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - DRIFT_SECONDS, exp: seconds + LIFE_SECONDS, iss: appId };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

const GitHubError = v.object({ message: v.string(), documentation_url: v.string() });

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export const isOwnError = (answer: HttpResponse): boolean => isJson(answer) && v.is(GitHubError, jsonOf(answer.body));

type Method = ServiceRequest["method"];

/** A request about the installation, authenticated as the App. */
export const appRequest = (
  { credential, now }: ServiceAccess<GitHubCredential>,
  method: Method,
  path = "",
): ServiceRequest =>
  request(credential, `/app/installations/${credential.installationId}${path}`, {
    method,
    token: appJwt(credential, now()),
  });

/** A request authenticated as the installation. */
export const installationRequest = (credential: GitHubCredential, method: Method, path: string): ServiceRequest =>
  request(credential, `/installation${path}`, { method, token: credential.token?.value ?? "" });

const request = (
  { url }: GitHubCredential,
  path: string,
  { method, token }: { readonly method: Method; readonly token: string },
): ServiceRequest => ({
  method,
  url: url + path,
  headers: {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    // https://docs.github.com/en/rest/about-the-rest-api/api-versions
    "x-github-api-version": "2022-11-28",
    // GitHub rejects requests without a user agent. https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
    "user-agent": "serverless-chat",
  },
});
