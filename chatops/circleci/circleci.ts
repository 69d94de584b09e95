import * as v from "valibot";
import { fail, failedFor, hasFailed } from "../failure.ts";
import type { Deed, Service } from "../service.ts";
import { CircleCiCredential } from "./credential.ts";
import { allOf, isOwnError, ofProject, question, Removed } from "./questions.ts";
import { revocation, rotation } from "./rotation.ts";
import { switching, TRIGGER_ENDPOINTS, triggersOf } from "./triggers.ts";

const User = v.object({ login: v.string() });
const Variable = v.object({ name: v.string() });

const status: Deed<CircleCiCredential> = {
  does: "says whose the API token is, how many triggers of the project are disabled, and whether its checkout key works",
  endpoints: ["GET /me", ...TRIGGER_ENDPOINTS, "GET /project/{project-slug}/checkout-key"],
  reference: "https://circleci.com/docs/api/v2/#tag/User/operation/getCurrentUser",
  needs: "a personal API token (scope Read)",
  async run(at) {
    const user = await at.client.ask(question(at.credential, { method: "GET", path: "/me" }), User);
    if (hasFailed(user)) return user;
    const triggers = await triggersOf(at);
    if (hasFailed(triggers)) return triggers;
    const disabled = triggers.value.filter(({ isDisabled }) => isDisabled).length;
    const project = `The token is ${user.value.login}'s and works; ${disabled} of ${triggers.value.length} triggers are disabled`;
    if (!at.credential.checkoutKey) return { value: `${project}; there is no checkout key of ours yet: rotate.` };
    const proven = await rotation.prove(at);
    if (hasFailed(proven) && !failedFor(proven, "unproven")) return proven;
    return {
      value: `${project}; the checkout key ${hasFailed(proven) ? `does not work: ${proven.failure.detail}` : "works."}`,
    };
  },
};

const remove: Deed<CircleCiCredential> = {
  does: "deletes all environment variables of the project, with the secrets in them",
  endpoints: ["GET /project/{project-slug}/envvar", "DELETE /project/{project-slug}/envvar/{name}"],
  reference: "https://circleci.com/docs/api/v2/#tag/Project/operation/deleteEnvVar",
  needs: "a personal API token (scope Admin) of an admin of the project",
  async run(at) {
    const path = ofProject(at.credential, "/envvar");
    const variables = await allOf(at, path, Variable);
    if (hasFailed(variables)) return variables;
    for (const { name } of variables.value) {
      const told = await at.client.ask(
        question(at.credential, { method: "DELETE", path: `${path}/${encodeURIComponent(name)}` }),
        Removed,
      );
      if (hasFailed(told) && !failedFor(told, "not-found")) return told;
    }
    const left = await allOf(at, path, Variable);
    if (hasFailed(left)) return left;
    return left.value.length === 0
      ? { value: `The project has no environment variables any more; there were ${variables.value.length}.` }
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
    freeze: switching(true),
    unfreeze: switching(false),
    delete: remove,
  },
};
