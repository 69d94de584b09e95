import * as v from "valibot";
import { type Answer, fail, failedFor, hasFailed } from "../failure.ts";
import type { At, Revocation, Rotation } from "../service.ts";
import type { JenkinsCredential } from "./credential.ts";
import { question, tokenPath } from "./questions.ts";

const Made = v.object({
  status: v.literal("ok"),
  data: v.object({ tokenUuid: v.string(), tokenValue: v.string() }),
});

const User = v.object({ id: v.string() });

/** The code is the reference: the methods of ApiTokenProperty.DescriptorImpl. */
const REFERENCE =
  "https://github.com/jenkinsci/jenkins/blob/master/core/src/main/java/jenkins/security/ApiTokenProperty.java";

const whoAmI = { method: "GET", path: "/me/api/json?tree=id" } as const;

/** Jenkins accepts any uuid, so Jenkins itself must refuse the old token. */
export async function proveEnded(
  client: At<JenkinsCredential>["client"],
  old: JenkinsCredential,
  otherwise: string,
): Promise<Answer<undefined>> {
  const me = await client.ask(question(old, whoAmI), User);
  if (failedFor(me, "unauthorized")) return { value: undefined };
  return hasFailed(me) ? me : fail("unverified", otherwise);
}

export const revocation: Revocation<JenkinsCredential> = {
  does: "ends the API token; Jenkins knows us no more until the secret is set again",
  endpoints: [`POST ${tokenPath("revoke")}`, "GET /me/api/json"],
  reference: REFERENCE,
  needs: "nothing: users may end their own tokens",
  async revoke({ client, credential }, old) {
    const form = { tokenUuid: old.uuid };
    const told = await client.tell(question(credential, { method: "POST", path: tokenPath("revoke"), form }));
    if (hasFailed(told) && !failedFor(told, "unauthorized")) return told;
    return proveEnded(client, old, "The old token still works: its uuid in the secret is not its own.");
  },
};

export const rotation: Rotation<JenkinsCredential> = {
  ...revocation,
  does: "makes another API token, asks Jenkins with it who it is, and ends the old one",
  endpoints: [
    `POST ${tokenPath("generateNewToken")}`,
    "GET /me/api/json",
    `POST ${tokenPath("revoke")}`,
    `POST ${tokenPath("revokeAllExcept")}`,
  ],
  reference: REFERENCE,
  needs: "Overall/Read, for a user that nobody else uses: after a crash, all other tokens of this user are ended",
  replaced: ({ uuid }) => uuid,
  async make({ client, credential }, { name }) {
    const form = { newTokenName: name };
    const path = tokenPath("generateNewToken");
    const made = await client.ask(question(credential, { method: "POST", path, form }), Made);
    if (hasFailed(made)) return made;
    const { tokenUuid, tokenValue } = made.value.data;
    return { value: { ...credential, token: tokenValue, uuid: tokenUuid } };
  },
  async prove({ client, credential }) {
    const me = await client.ask(question(credential, whoAmI), User);
    if (hasFailed(me)) return me;
    return me.value.id.toLowerCase() === credential.user.toLowerCase()
      ? { value: undefined }
      : fail("unproven", "Jenkins takes the new token for somebody else's.");
  },
  // Jenkins shows a token once and lists none: what was lost cannot be named, only all that is not in use.
  async recover({ client, credential }) {
    const form = { tokenUuid: credential.uuid };
    const path = tokenPath("revokeAllExcept");
    const told = await client.tell(question(credential, { method: "POST", path, form }));
    return hasFailed(told) ? told : { value: {} };
  },
};
