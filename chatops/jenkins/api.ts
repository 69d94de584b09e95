import type { Question } from "../client.ts";
import type { HttpAnswer } from "../http.ts";
import type { JenkinsCredential } from "./credential.ts";

interface Sent {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The fields of a form. */
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Errors are HTML pages, as those of a proxy are, so Jenkins is known by a header: its realm where it refuses a token,
 * else `X-Jenkins`. https://www.jenkins.io/doc/book/security/access-control/#access-control
 */
export const isOwnError = ({ status, header }: HttpAnswer): boolean =>
  status === 401
    ? /^Basic realm="Jenkins"/i.test(header("www-authenticate") ?? "")
    : header("x-jenkins") !== undefined || header("x-required-permission") !== undefined;

/** With an API token, Jenkins asks for no crumb. https://www.jenkins.io/doc/book/security/csrf-protection/#working-with-scripted-clients */
export const question = ({ url, user, token }: JenkinsCredential, { method, path, form }: Sent): Question => ({
  method,
  url: url + path,
  headers: {
    authorization: `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`,
    ...(form && { "content-type": "application/x-www-form-urlencoded" }),
  },
  ...(form && { body: new URLSearchParams(form).toString() }),
});

/** https://www.jenkins.io/blog/2018/07/02/new-api-token-system/ */
export const tokenPath = (verb: "generateNewToken" | "revoke" | "revokeAll" | "revokeAllExcept"): string =>
  `/me/descriptorByName/jenkins.security.ApiTokenProperty/${verb}`;
