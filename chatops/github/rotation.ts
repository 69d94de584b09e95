import * as v from "valibot";
import { type Answer, fail, failedFor, hasFailed } from "../failure.ts";
import type { At, Revocation, Rotation } from "../service.ts";
import type { GitHubCredential } from "./credential.ts";
import { asApp, asInstallation } from "./questions.ts";

const Made = v.object({ token: v.string(), expires_at: v.string() });

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
const TOKEN_MILLISECONDS = 60 * 60 * 1000;

const Repositories = v.object({ total_count: v.number() });

const use = ({ client }: At<GitHubCredential>, credential: GitHubCredential): Promise<Answer<unknown>> =>
  client.ask(asInstallation(credential, "GET", "/repositories?per_page=1"), Repositories);

/** https://docs.github.com/en/rest/apps/installations#revoke-an-installation-access-token */
export const revocation: Revocation<GitHubCredential> = {
  does: "ends the installation's access token; the App stays, and `rotate` makes another",
  endpoints: ["DELETE /installation/token", "GET /installation/repositories"],
  reference: "https://docs.github.com/en/rest/apps/installations#revoke-an-installation-access-token",
  needs: "nothing: a token may end itself",
  async revoke(at, old) {
    if (!old.token) return { value: undefined };
    const told = await at.client.tell(asInstallation(old, "DELETE", "/token"));
    if (hasFailed(told) && !failedFor(told, "unauthorized")) return told;
    const used = await use(at, old);
    if (failedFor(used, "unauthorized")) return { value: undefined };
    return hasFailed(used) ? used : fail("unverified", "GitHub accepted the request, but the old token still works.");
  },
};

export const rotation: Rotation<GitHubCredential> = {
  ...revocation,
  does: "makes another access token for the installation, lets it list a repository, and ends the old one",
  endpoints: [
    "POST /app/installations/{installation_id}/access_tokens",
    "GET /installation/repositories",
    "DELETE /installation/token",
  ],
  reference: "https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app",
  needs: "the App's private key",
  replaced: ({ token }) => token?.value,
  async make(at) {
    const made = await at.client.ask(asApp(at, "POST", "/access_tokens"), Made);
    if (hasFailed(made)) return made;
    const { token, expires_at } = made.value;
    return { value: { ...at.credential, token: { value: token, expiresAt: expires_at } } };
  },
  async prove(at) {
    const listed = await use(at, at.credential);
    return hasFailed(listed) ? listed : { value: undefined };
  },
  // GitHub lists no tokens, so a lost one cannot be revoked.
  async recover({ now }) {
    const until = new Date(now() + TOKEN_MILLISECONDS).toISOString();
    return {
      value: {
        lost: `An earlier rotation was interrupted: GitHub may have made a token for it, which cannot be revoked and may still work until ${until}.`,
      },
    };
  },
};
