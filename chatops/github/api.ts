import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/json.ts";
import type { Question } from "../client.ts";
import { type HttpAnswer, isJson } from "../http.ts";
import type { At } from "../service.ts";
import { appJwt } from "./app-jwt.ts";
import type { GitHubCredential } from "./credential.ts";

const GitHubError = v.object({ message: v.string(), documentation_url: v.string() });

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export const isOwnError = (answer: HttpAnswer): boolean => isJson(answer) && v.is(GitHubError, jsonOf(answer.body));

type Method = Question["method"];

/** A question of the App's own, about its installation. */
export const asApp = ({ credential, now }: At<GitHubCredential>, method: Method, path = ""): Question =>
  question(credential, `/app/installations/${credential.installationId}${path}`, {
    method,
    token: appJwt(credential, now()),
  });

/** A question of the installation, about itself. */
export const asInstallation = (credential: GitHubCredential, method: Method, path: string): Question =>
  question(credential, `/installation${path}`, { method, token: credential.token?.value ?? "" });

const question = (
  { url }: GitHubCredential,
  path: string,
  { method, token }: { readonly method: Method; readonly token: string },
): Question => ({
  method,
  url: url + path,
  headers: {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    // https://docs.github.com/en/rest/about-the-rest-api/api-versions
    "x-github-api-version": "2022-11-28",
    // GitHub refuses requests without one. https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
    "user-agent": "serverless-chat",
  },
});
