import * as v from "valibot";
import { fail, failedFor, hasFailed, type Result } from "../failure.ts";
import type { Revocation, Rotation, ServiceAccess } from "../service.ts";
import type { GitHubCredential } from "./api.ts";
import { appRequest, installationRequest } from "./api.ts";

const Made = v.object({ token: v.string(), expires_at: v.string() });

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
const TOKEN_MILLISECONDS = 60 * 60 * 1000;

const Repositories = v.object({ total_count: v.number() });

const use = ({ client }: ServiceAccess<GitHubCredential>, credential: GitHubCredential): Promise<Result<unknown>> =>
  client.expectJson(installationRequest(credential, "GET", "/repositories?per_page=1"), Repositories);

/** https://docs.github.com/en/rest/apps/installations#revoke-an-installation-access-token */
export const revocation: Revocation<GitHubCredential> = {
  does: "revokes the installation's access token. The App stays installed, and `rotate` creates another token",
  endpoints: ["DELETE /installation/token", "GET /installation/repositories"],
  reference: "https://docs.github.com/en/rest/apps/installations#revoke-an-installation-access-token",
  needs: "nothing: a token can revoke itself",
  async revoke(access, old) {
    if (!old.token) return { value: undefined };
    const response = await access.client.expectEmpty(installationRequest(old, "DELETE", "/token"));
    if (hasFailed(response) && !failedFor(response, "unauthorized")) return response;
    const used = await use(access, old);
    if (failedFor(used, "unauthorized")) return { value: undefined };
    return hasFailed(used) ? used : fail("unverified", "GitHub accepted the request, but the old token still works.");
  },
};

export const rotation: Rotation<GitHubCredential> = {
  ...revocation,
  does: "creates a new access token for the installation, lists a repository with it, and revokes the old one",
  endpoints: [
    "POST /app/installations/{installation_id}/access_tokens",
    "GET /installation/repositories",
    "DELETE /installation/token",
  ],
  reference: "https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app",
  needs: "the App's private key",
  replaced: ({ token }) => token?.value,
  async make(access) {
    const made = await access.client.expectJson(appRequest(access, "POST", "/access_tokens"), Made);
    if (hasFailed(made)) return made;
    const { token, expires_at } = made.value;
    return { value: { ...access.credential, token: { value: token, expiresAt: expires_at } } };
  },
  async prove(access) {
    const listed = await use(access, access.credential);
    return hasFailed(listed) ? listed : { value: undefined };
  },
  // GitHub lists no tokens, so a lost one cannot be revoked.
  async recover({ now }) {
    const until = new Date(now() + TOKEN_MILLISECONDS).toISOString();
    return {
      value: {
        lost: `An earlier rotation was interrupted. GitHub may have created a token, which cannot be revoked and may still work until ${until}.`,
      },
    };
  },
};
