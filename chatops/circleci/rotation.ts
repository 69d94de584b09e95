import * as v from "valibot";
import { type Answer, fail, failedFor, hasFailed } from "../failure.ts";
import type { At, Revocation, Rotation } from "../service.ts";
import type { CircleCiCredential } from "./credential.ts";
import { allOf, ofProject, question, Removed } from "./questions.ts";

const CheckoutKey = v.object({
  type: v.string(),
  fingerprint: v.string(),
  preferred: v.boolean(),
  "created-at": v.pipe(v.string(), v.isoTimestamp()),
});

/** Our clock may be ahead of CircleCI's. */
const DRIFT_MILLISECONDS = 60_000;

const keyPath = (credential: CircleCiCredential, fingerprint: string): string =>
  ofProject(credential, `/checkout-key/${encodeURIComponent(fingerprint)}`);

const keysOf = (at: At<CircleCiCredential>): Promise<Answer<readonly v.InferOutput<typeof CheckoutKey>[]>> =>
  allOf(at, ofProject(at.credential, "/checkout-key"), CheckoutKey);

export const revocation: Revocation<CircleCiCredential> = {
  does: "removes the project's checkout key: its jobs get no more code by it. The API token stays, for CircleCI's API ends none: remove it in the user settings",
  endpoints: ["DELETE /project/{project-slug}/checkout-key/{fingerprint}", "GET /project/{project-slug}/checkout-key"],
  reference: "https://circleci.com/docs/api/v2/#tag/Project/operation/deleteCheckoutKey",
  needs: "a personal API token (scope Admin) of an admin of the project",
  async revoke(at, { checkoutKey }) {
    if (checkoutKey === undefined) return { value: undefined };
    const path = keyPath(at.credential, checkoutKey);
    const removed = await at.client.ask(question(at.credential, { method: "DELETE", path }), Removed);
    if (hasFailed(removed) && !failedFor(removed, "not-found")) return removed;
    const left = await keysOf(at);
    if (hasFailed(left)) return left;
    return left.value.some(({ fingerprint }) => fingerprint === checkoutKey)
      ? fail("unverified", "CircleCI accepted the request, but still lists the old checkout key.")
      : { value: undefined };
  },
};

export const rotation: Rotation<CircleCiCredential> = {
  ...revocation,
  does: "makes another checkout key for the project, sees that CircleCI prefers it, and removes the old one. The API token stays, for CircleCI's API makes none",
  endpoints: [
    "POST /project/{project-slug}/checkout-key",
    "GET /project/{project-slug}/checkout-key",
    "DELETE /project/{project-slug}/checkout-key/{fingerprint}",
  ],
  reference: "https://circleci.com/docs/api/v2/#tag/Project/operation/createCheckoutKey",
  needs: "a personal API token (scope Admin) of an admin of the project, who may add deploy keys to its repository",
  replaced: ({ checkoutKey }) => checkoutKey,
  async make({ client, credential }) {
    const path = ofProject(credential, "/checkout-key");
    const made = await client.ask(
      question(credential, { method: "POST", path, body: { type: "deploy-key" } }),
      CheckoutKey,
    );
    return hasFailed(made) ? made : { value: { ...credential, checkoutKey: made.value.fingerprint } };
  },
  async prove(at) {
    const keys = await keysOf(at);
    if (hasFailed(keys)) return keys;
    const key = keys.value.find(({ fingerprint }) => fingerprint === at.credential.checkoutKey);
    if (!key) return fail("unproven", "CircleCI does not list it.");
    return key.preferred ? { value: undefined } : fail("unproven", "CircleCI still checks out with another key.");
  },
  // Keys have no names, but the time they were made: the latest since then is ours, and nothing of it was lost.
  async recover(at, intention) {
    const keys = await keysOf(at);
    if (hasFailed(keys)) return keys;
    const [latest] = keys.value
      .filter(({ type, fingerprint }) => type === "deploy-key" && fingerprint !== at.credential.checkoutKey)
      .filter((key) => Date.parse(key["created-at"]) >= intention.at - DRIFT_MILLISECONDS)
      .sort((one, other) => Date.parse(other["created-at"]) - Date.parse(one["created-at"]));
    return { value: { credential: latest && { ...at.credential, checkoutKey: latest.fingerprint } } };
  },
};
