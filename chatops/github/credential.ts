import { createPrivateKey } from "node:crypto";
import * as v from "valibot";
import { address } from "../address.ts";

/**
 * A GitHub App, one installation of it, and, once a rotation has made one, an access token of that installation: what
 * others may read from the secret, and good for an hour.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/about-authentication-with-a-github-app
 */
export const GitHubCredential = v.object({
  /** Another one for GitHub Enterprise Server. */
  url: v.optional(address, "https://api.github.com"),
  /** The App's id, or its client id. */
  appId: v.string(),
  installationId: v.pipe(v.string(), v.digits()),
  /** In PEM, as GitHub gives it. GitHub's API makes none: rotate it by hand. */
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
