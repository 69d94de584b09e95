import type { Question } from "../client.ts";
import type { JenkinsCredential } from "./credential.ts";

interface Sent {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** The fields of a form. */
  readonly form?: Readonly<Record<string, string>>;
}

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
