import * as v from "valibot";
import { address } from "../address.ts";

/**
 * A personal API token, which is set by hand, and the key that the project's jobs check its code out with, once a
 * rotation has made one. CircleCI keeps the key itself; what is kept here is how it is called.
 * https://circleci.com/docs/guides/toolkit/managing-api-tokens/
 */
export const CircleCiCredential = v.object({
  /** Another one for CircleCI server. */
  url: v.optional(address, "https://circleci.com/api/v2"),
  /** CircleCI's API makes and ends none: rotate it by hand, before it expires. */
  token: v.string(),
  /** For example `gh/acme/widgets`: as it stands in the project's settings. */
  project: v.pipe(v.string(), v.regex(/^[\w-]+\/[\w.-]+\/[\w.-]+$/)),
  /** The fingerprint of the checkout key. */
  checkoutKey: v.optional(v.string()),
});

export type CircleCiCredential = v.InferOutput<typeof CircleCiCredential>;
