import * as v from "valibot";
import { address } from "../address.ts";

/**
 * A user of Jenkins that nobody else uses, and an API token of its: what `generateNewToken` answers.
 * https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/
 */
export const JenkinsCredential = v.object({
  url: address,
  user: v.string(),
  token: v.string(),
  /** The token's `tokenUuid`, by which it is revoked. */
  uuid: v.string(),
});

export type JenkinsCredential = v.InferOutput<typeof JenkinsCredential>;
