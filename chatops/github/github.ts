import * as v from "valibot";
import { type Answer, fail, failedFor, hasFailed, isVerdict } from "../failure.ts";
import type { At, Deed, Described, Service } from "../service.ts";
import { GitHubCredential } from "./credential.ts";
import { asApp, isOwnError } from "./questions.ts";
import { revocation, rotation } from "./rotation.ts";

const Installation = v.object({
  account: v.object({ login: v.string() }),
  suspended_at: v.nullish(v.string()),
});

type Installation = v.InferOutput<typeof Installation>;

const REFERENCE = "https://docs.github.com/en/rest/apps/apps";

const status: Deed<GitHubCredential> = {
  does: "says whose the installation is, whether it is suspended, and whether its token works",
  endpoints: ["GET /app/installations/{installation_id}", "GET /installation/repositories"],
  reference: `${REFERENCE}#get-an-installation-for-the-authenticated-app`,
  needs: "the App's private key",
  async run(at) {
    const found = await find(at);
    if (hasFailed(found)) return found;
    const { account, suspended_at } = found.value;
    if (suspended_at) return { value: `The installation for ${account.login} is suspended since ${suspended_at}.` };
    if (!at.credential.token) return { value: `The installation for ${account.login} has no token yet: rotate.` };
    const proven = await rotation.prove(at);
    if (hasFailed(proven) && !isVerdict(proven)) return proven;
    const { expiresAt } = at.credential.token;
    return {
      value: hasFailed(proven)
        ? `The installation for ${account.login} is there, its token does not work: ${proven.failure.detail}`
        : `The installation for ${account.login} and its token work, the token until ${expiresAt}.`,
    };
  },
};

interface Change extends Pick<Described, "does"> {
  readonly method: "PUT" | "DELETE";
  readonly path?: string;
  readonly anchor: string;
  readonly done: string;
  /** Whether GitHub shows the installation as it should be now. */
  readonly isShown: (found: Answer<Installation>) => boolean;
}

const find = (at: At<GitHubCredential>): Promise<Answer<Installation>> => at.client.ask(asApp(at, "GET"), Installation);

/** GitHub answers 204 without a body, which any server could send, so the installation is read afterwards. */
const onInstallation = ({ does, method, path = "", anchor, done, isShown }: Change): Deed<GitHubCredential> => ({
  does,
  endpoints: [`${method} /app/installations/{installation_id}${path}`, "GET /app/installations/{installation_id}"],
  reference: `${REFERENCE}#${anchor}`,
  needs: "the App's private key",
  async run(at) {
    const told = await at.client.tell(asApp(at, method, path));
    // A repeat of `delete` finds no installation.
    if (hasFailed(told) && !failedFor(told, "not-found")) return told;
    const found = await find(at);
    if (isShown(found)) return { value: done };
    return hasFailed(found)
      ? found
      : fail("unverified", "GitHub accepted the request, but the installation is unchanged.");
  },
});

export const github: Service<GitHubCredential> = {
  key: "github",
  title: "GitHub",
  credential: GitHubCredential,
  isOwnError,
  actions: {
    status,
    rotate: rotation,
    revoke: revocation,
    freeze: onInstallation({
      does: "suspends the App's installation: none of its tokens reaches the account",
      method: "PUT",
      path: "/suspended",
      anchor: "suspend-an-app-installation",
      done: "The installation is suspended.",
      isShown: (found) => !hasFailed(found) && !!found.value.suspended_at,
    }),
    unfreeze: onInstallation({
      does: "lets a suspended installation work again",
      method: "DELETE",
      path: "/suspended",
      anchor: "unsuspend-an-app-installation",
      done: "The installation works again.",
      isShown: (found) => !hasFailed(found) && !found.value.suspended_at,
    }),
    delete: onInstallation({
      does: "uninstalls the App from the account, with all its tokens",
      method: "DELETE",
      anchor: "delete-an-installation-for-the-authenticated-app",
      done: "The App is uninstalled. Somebody who owns the account may install it again.",
      isShown: (found) => failedFor(found, "not-found"),
    }),
  },
};
