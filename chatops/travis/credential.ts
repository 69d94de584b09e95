import * as v from "valibot";
import { address } from "../address.ts";

/** An API token, and the repository that it is used for. https://developer.travis-ci.com/authentication */
export const TravisCredential = v.object({
  /** Another one for Travis CI Enterprise. */
  url: v.optional(address, "https://api.travis-ci.com"),
  token: v.string(),
  /** For example `acme/widgets`. */
  repository: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/)),
});

export type TravisCredential = v.InferOutput<typeof TravisCredential>;
