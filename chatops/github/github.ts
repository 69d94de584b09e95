import * as v from "valibot";
import { fail, failedFor, hasFailed, isCredentialRefused, type Result } from "../failure.ts";
import type { ActionDescription, Operation, Service, ServiceAccess } from "../service.ts";
import { appRequest, GitHubCredential, isOwnError } from "./api.ts";
import { revocation, rotation } from "./rotation.ts";

const Installation = v.object({
  account: v.object({ login: v.string() }),
  suspended_at: v.nullish(v.string()),
});

type Installation = v.InferOutput<typeof Installation>;

const REFERENCE = "https://docs.github.com/en/rest/apps/apps";

const status: Operation<GitHubCredential> = {
  does: "shows the account of the installation, whether it is suspended, and whether its token works",
  endpoints: ["GET /app/installations/{installation_id}", "GET /installation/repositories"],
  reference: `${REFERENCE}#get-an-installation-for-the-authenticated-app`,
  needs: "the App's private key",
  async run(access) {
    const found = await find(access);
    if (hasFailed(found)) return found;
    const { account, suspended_at } = found.value;
    if (suspended_at)
      return { value: `The installation for ${account.login} has been suspended since ${suspended_at}.` };
    if (!access.credential.token)
      return { value: `The installation for ${account.login} has no token yet. Use rotate to create one.` };
    const proven = await rotation.prove(access);
    if (hasFailed(proven) && !isCredentialRefused(proven)) return proven;
    const { expiresAt } = access.credential.token;
    return {
      value: hasFailed(proven)
        ? `The installation for ${account.login} exists, but its token does not work: ${proven.failure.detail}`
        : `The installation for ${account.login} and its token work. The token expires at ${expiresAt}.`,
    };
  },
};

interface InstallationChange extends Pick<ActionDescription, "does"> {
  readonly method: "PUT" | "DELETE";
  readonly path?: string;
  readonly anchor: string;
  readonly done: string;
  /** Whether the installation, read afterwards, shows the change. */
  readonly isShown: (found: Result<Installation>) => boolean;
}

const find = (access: ServiceAccess<GitHubCredential>): Promise<Result<Installation>> =>
  access.client.expectJson(appRequest(access, "GET"), Installation);

/** GitHub's response is an empty 204, which any proxy could return too, so the installation is read afterwards. */
const changeInstallation = ({
  does,
  method,
  path = "",
  anchor,
  done,
  isShown,
}: InstallationChange): Operation<GitHubCredential> => ({
  does,
  endpoints: [`${method} /app/installations/{installation_id}${path}`, "GET /app/installations/{installation_id}"],
  reference: `${REFERENCE}#${anchor}`,
  needs: "the App's private key",
  async run(access) {
    const response = await access.client.expectEmpty(appRequest(access, method, path));
    // A repeated `delete` finds no installation.
    if (hasFailed(response) && !failedFor(response, "not-found")) return response;
    const found = await find(access);
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
    freeze: changeInstallation({
      does: "suspends the App's installation, so none of its tokens can access the account",
      method: "PUT",
      path: "/suspended",
      anchor: "suspend-an-app-installation",
      done: "The installation is suspended.",
      isShown: (found) => !hasFailed(found) && !!found.value.suspended_at,
    }),
    unfreeze: changeInstallation({
      does: "ends the suspension of the installation",
      method: "DELETE",
      path: "/suspended",
      anchor: "unsuspend-an-app-installation",
      done: "The installation is no longer suspended.",
      isShown: (found) => !hasFailed(found) && !found.value.suspended_at,
    }),
    delete: changeInstallation({
      does: "uninstalls the App from the account, which revokes all its tokens",
      method: "DELETE",
      anchor: "delete-an-installation-for-the-authenticated-app",
      done: "The App is uninstalled. An owner of the account can install it again.",
      isShown: (found) => failedFor(found, "not-found"),
    }),
  },
};
