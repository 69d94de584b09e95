import * as v from "valibot";
import { fail, failedFor, hasFailed } from "../failure.ts";
import type { Operation, Service } from "../service.ts";
import { allOf, CircleCiCredential, isOwnError, ofProject, Removed, request } from "./api.ts";
import { revocation, rotation } from "./rotation.ts";
import { setTriggers, TRIGGER_ENDPOINTS, triggersOf } from "./triggers.ts";

const User = v.object({ login: v.string() });
const Variable = v.object({ name: v.string() });

const status: Operation<CircleCiCredential> = {
  does: "shows the owner of the API token, the number of disabled triggers, and whether the checkout key works",
  endpoints: ["GET /me", ...TRIGGER_ENDPOINTS, "GET /project/{project-slug}/checkout-key"],
  reference: "https://circleci.com/docs/api/v2/#tag/User/operation/getCurrentUser",
  needs: "a personal API token (scope Read)",
  async run(access) {
    const user = await access.client.expectJson(request(access.credential, { method: "GET", path: "/me" }), User);
    if (hasFailed(user)) return user;
    const triggers = await triggersOf(access);
    if (hasFailed(triggers)) return triggers;
    const disabled = triggers.value.filter(({ isDisabled }) => isDisabled).length;
    const project = `The token of ${user.value.login} works; ${disabled} of ${triggers.value.length} triggers are disabled`;
    if (!access.credential.checkoutKey)
      return { value: `${project}; the secret has no checkout key yet. Use rotate to create one.` };
    const proven = await rotation.prove(access);
    if (hasFailed(proven) && !failedFor(proven, "unproven")) return proven;
    return {
      value: `${project}; the checkout key ${hasFailed(proven) ? `does not work: ${proven.failure.detail}` : "works."}`,
    };
  },
};

const remove: Operation<CircleCiCredential> = {
  does: "deletes all environment variables of the project, including secrets",
  endpoints: ["GET /project/{project-slug}/envvar", "DELETE /project/{project-slug}/envvar/{name}"],
  reference: "https://circleci.com/docs/api/v2/#tag/Project/operation/deleteEnvVar",
  needs: "a personal API token (scope Admin) of an admin of the project",
  async run(access) {
    const path = ofProject(access.credential, "/envvar");
    const variables = await allOf(access, path, Variable);
    if (hasFailed(variables)) return variables;
    for (const { name } of variables.value) {
      const response = await access.client.expectJson(
        request(access.credential, { method: "DELETE", path: `${path}/${encodeURIComponent(name)}` }),
        Removed,
      );
      if (hasFailed(response) && !failedFor(response, "not-found")) return response;
    }
    const left = await allOf(access, path, Variable);
    if (hasFailed(left)) return left;
    return left.value.length === 0
      ? { value: `The project has no environment variables. Deleted: ${variables.value.length}.` }
      : fail("unverified", `CircleCI still lists ${left.value.length} environment variables of the project.`);
  },
};

export const circleci: Service<CircleCiCredential> = {
  key: "circleci",
  title: "CircleCI",
  credential: CircleCiCredential,
  isOwnError,
  actions: {
    status,
    rotate: rotation,
    revoke: revocation,
    freeze: setTriggers({ disabled: true }),
    unfreeze: setTriggers({ disabled: false }),
    delete: remove,
  },
};
