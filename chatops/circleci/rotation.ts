import * as v from "valibot";
import { fail, failedFor, hasFailed, type Result } from "../failure.ts";
import type { Revocation, Rotation, ServiceAccess } from "../service.ts";
import type { CircleCiCredential } from "./api.ts";
import { allOf, ofProject, Removed, request } from "./api.ts";

const CheckoutKey = v.object({
  type: v.string(),
  fingerprint: v.string(),
  preferred: v.boolean(),
  "created-at": v.pipe(v.string(), v.isoTimestamp()),
});

/** The function's clock may be ahead of CircleCI's. */
const DRIFT_MILLISECONDS = 60_000;

const keyPath = (credential: CircleCiCredential, fingerprint: string): string =>
  ofProject(credential, `/checkout-key/${encodeURIComponent(fingerprint)}`);

const keysOf = (
  access: ServiceAccess<CircleCiCredential>,
): Promise<Result<readonly v.InferOutput<typeof CheckoutKey>[]>> =>
  allOf(access, ofProject(access.credential, "/checkout-key"), CheckoutKey);

export const revocation: Revocation<CircleCiCredential> = {
  does: "removes the project's checkout key, so jobs can no longer check out code with it. The API token stays valid, because CircleCI's API cannot revoke it: delete it in the user settings",
  endpoints: ["DELETE /project/{project-slug}/checkout-key/{fingerprint}", "GET /project/{project-slug}/checkout-key"],
  reference: "https://circleci.com/docs/api/v2/#tag/Project/operation/deleteCheckoutKey",
  needs: "a personal API token (scope Admin) of an admin of the project",
  async revoke(access, { checkoutKey }) {
    if (checkoutKey === undefined) return { value: undefined };
    const path = keyPath(access.credential, checkoutKey);
    const removed = await access.client.expectJson(request(access.credential, { method: "DELETE", path }), Removed);
    if (hasFailed(removed) && !failedFor(removed, "not-found")) return removed;
    const left = await keysOf(access);
    if (hasFailed(left)) return left;
    return left.value.some(({ fingerprint }) => fingerprint === checkoutKey)
      ? fail("unverified", "CircleCI accepted the request, but still lists the old checkout key.")
      : { value: undefined };
  },
};

export const rotation: Rotation<CircleCiCredential> = {
  ...revocation,
  does: "creates a new checkout key for the project, checks that CircleCI prefers it, and removes the old one. The API token stays, because CircleCI's API cannot create one",
  endpoints: [
    "POST /project/{project-slug}/checkout-key",
    "GET /project/{project-slug}/checkout-key",
    "DELETE /project/{project-slug}/checkout-key/{fingerprint}",
  ],
  reference: "https://circleci.com/docs/api/v2/#tag/Project/operation/createCheckoutKey",
  needs: "a personal API token (scope Admin) of an admin of the project who can add deploy keys to its repository",
  replaced: ({ checkoutKey }) => checkoutKey,
  async make({ client, credential }) {
    const path = ofProject(credential, "/checkout-key");
    const made = await client.expectJson(
      request(credential, { method: "POST", path, body: { type: "deploy-key" } }),
      CheckoutKey,
    );
    return hasFailed(made) ? made : { value: { ...credential, checkoutKey: made.value.fingerprint } };
  },
  async prove(access) {
    const keys = await keysOf(access);
    if (hasFailed(keys)) return keys;
    const key = keys.value.find(({ fingerprint }) => fingerprint === access.credential.checkoutKey);
    if (!key) return fail("unproven", "CircleCI does not list the new checkout key.");
    return key.preferred ? { value: undefined } : fail("unproven", "CircleCI still prefers another checkout key.");
  },
  // Keys have no names, so the key is found by its creation time: the latest deploy key since the intention.
  async recover(access, intention) {
    const keys = await keysOf(access);
    if (hasFailed(keys)) return keys;
    const [latest] = keys.value
      .filter(({ type, fingerprint }) => type === "deploy-key" && fingerprint !== access.credential.checkoutKey)
      .filter((key) => Date.parse(key["created-at"]) >= intention.at - DRIFT_MILLISECONDS)
      .sort((one, other) => Date.parse(other["created-at"]) - Date.parse(one["created-at"]));
    return { value: { credential: latest && { ...access.credential, checkoutKey: latest.fingerprint } } };
  },
};
