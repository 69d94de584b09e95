import * as v from "valibot";
import type { HttpResponse } from "../http.ts";
import { serviceUrl } from "../http.ts";
import type { ServiceRequest } from "../service-client.ts";

/**
 * A dedicated Jenkins user, and one of its API tokens, from the response of `generateNewToken`.
 * https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/
 */
export const JenkinsCredential = v.object({
  url: serviceUrl,
  user: v.string(),
  token: v.string(),
  /** The `tokenUuid` of the token, which identifies it in a revocation. */
  uuid: v.string(),
});

export type JenkinsCredential = v.InferOutput<typeof JenkinsCredential>;

interface RequestParts {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Form fields for the body. */
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Errors are HTML pages, like those of a proxy, so Jenkins is recognized by a header: its realm in a 401, else
 * `X-Jenkins`. https://www.jenkins.io/doc/book/security/access-control/#access-control
 */
export const isOwnError = ({ status, header }: HttpResponse): boolean =>
  status === 401
    ? /^Basic realm="Jenkins"/i.test(header("www-authenticate") ?? "")
    : header("x-jenkins") !== undefined || header("x-required-permission") !== undefined;

/** With an API token, Jenkins requires no crumb. https://www.jenkins.io/doc/book/security/csrf-protection/#working-with-scripted-clients */
export const request = (
  { url, user, token }: JenkinsCredential,
  { method, path, form }: RequestParts,
): ServiceRequest => ({
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
