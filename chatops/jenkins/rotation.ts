import * as v from "valibot";
import { fail, failedFor, hasFailed, type Result } from "../failure.ts";
import type { Revocation, Rotation, ServiceAccess } from "../service.ts";
import type { JenkinsCredential } from "./api.ts";
import { request, tokenPath } from "./api.ts";

const Made = v.object({
  status: v.literal("ok"),
  data: v.object({ tokenUuid: v.string(), tokenValue: v.string() }),
});

const User = v.object({ id: v.string() });

/** The source code is the only reference: see the methods of ApiTokenProperty.DescriptorImpl. */
const REFERENCE =
  "https://github.com/jenkinsci/jenkins/blob/master/core/src/main/java/jenkins/security/ApiTokenProperty.java";

const whoAmI = { method: "GET", path: "/me/api/json?tree=id" } as const;

/** Jenkins reports success for an unknown uuid too, so the old token is used once to check that Jenkins refuses it. */
export async function proveRevoked(
  client: ServiceAccess<JenkinsCredential>["client"],
  old: JenkinsCredential,
  failureDetail: string,
): Promise<Result<undefined>> {
  const me = await client.expectJson(request(old, whoAmI), User);
  if (failedFor(me, "unauthorized")) return { value: undefined };
  return hasFailed(me) ? me : fail("unverified", failureDetail);
}

export const revocation: Revocation<JenkinsCredential> = {
  does: "revokes the API token. The other actions fail until the secret is set again",
  endpoints: [`POST ${tokenPath("revoke")}`, "GET /me/api/json"],
  reference: REFERENCE,
  needs: "nothing: users can revoke their own tokens",
  async revoke({ client, credential }, old) {
    const form = { tokenUuid: old.uuid };
    const response = await client.expectEmpty(request(credential, { method: "POST", path: tokenPath("revoke"), form }));
    if (hasFailed(response) && !failedFor(response, "unauthorized")) return response;
    return proveRevoked(client, old, "The old token still works: the uuid in the secret belongs to another token.");
  },
};

export const rotation: Rotation<JenkinsCredential> = {
  ...revocation,
  does: "creates a new API token, reads the user's id with it, and revokes the old one",
  endpoints: [
    `POST ${tokenPath("generateNewToken")}`,
    "GET /me/api/json",
    `POST ${tokenPath("revoke")}`,
    `POST ${tokenPath("revokeAllExcept")}`,
  ],
  reference: REFERENCE,
  needs: "Overall/Read, for a dedicated user: after an interrupted rotation, all other tokens of this user are revoked",
  replaced: ({ uuid }) => uuid,
  async make({ client, credential }, { name }) {
    const form = { newTokenName: name };
    const path = tokenPath("generateNewToken");
    const made = await client.expectJson(request(credential, { method: "POST", path, form }), Made);
    if (hasFailed(made)) return made;
    const { tokenUuid, tokenValue } = made.value.data;
    return { value: { ...credential, token: tokenValue, uuid: tokenUuid } };
  },
  async prove({ client, credential }) {
    const me = await client.expectJson(request(credential, whoAmI), User);
    if (hasFailed(me)) return me;
    return me.value.id.toLowerCase() === credential.user.toLowerCase()
      ? { value: undefined }
      : fail("unproven", "Jenkins reports that the new token belongs to another user.");
  },
  // Jenkins shows a token only once and has no list of tokens, so all tokens except
  // the current one are revoked, including the lost one.
  async recover({ client, credential }) {
    const form = { tokenUuid: credential.uuid };
    const path = tokenPath("revokeAllExcept");
    const response = await client.expectEmpty(request(credential, { method: "POST", path, form }));
    return hasFailed(response) ? response : { value: {} };
  },
};
