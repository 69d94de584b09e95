import * as v from "valibot";
import { fail, failedFor, hasFailed, type Result } from "../failure.ts";
import type { ActionDescription, Operation, Service, ServiceAccess } from "../service.ts";
import { isOwnError, JenkinsCredential, request, tokenPath } from "./api.ts";
import { proveRevoked, revocation, rotation } from "./rotation.ts";

const State = v.object({ quietingDown: v.boolean() });

const stateOf = ({
  client,
  credential,
}: ServiceAccess<JenkinsCredential>): Promise<Result<v.InferOutput<typeof State>>> =>
  client.expectJson(request(credential, { method: "GET", path: "/api/json?tree=quietingDown" }), State);

const describeState = (isQuiet: boolean): string =>
  isQuiet ? "Jenkins does not start builds." : "Jenkins starts builds.";

const status: Operation<JenkinsCredential> = {
  does: "shows whether the token works, and whether Jenkins starts builds",
  endpoints: ["GET /me/api/json", "GET /api/json"],
  reference: "https://www.jenkins.io/doc/book/using/remote-access-api/",
  needs: "Overall/Read",
  async run(access) {
    const proven = await rotation.prove(access);
    if (hasFailed(proven)) return proven;
    const state = await stateOf(access);
    return hasFailed(state) ? state : { value: `The token works. ${describeState(state.value.quietingDown)}` };
  },
};

interface QuietDown extends Pick<ActionDescription, "does"> {
  readonly path: string;
  readonly isQuiet: boolean;
}

/** Jenkins responds with a redirect, as a proxy with a login page does, so the state is read afterwards. */
const quietDown = ({ does, path, isQuiet }: QuietDown): Operation<JenkinsCredential> => ({
  does,
  endpoints: [`POST ${path}`, "GET /api/json"],
  reference: "https://www.jenkins.io/doc/book/using/remote-access-api/",
  needs: "Overall/Manage",
  async run(access) {
    const response = await access.client.expectEmpty({
      ...request(access.credential, { method: "POST", path }),
      acceptsRedirect: true,
    });
    if (hasFailed(response)) return response;
    const state = await stateOf(access);
    if (hasFailed(state)) return state;
    return state.value.quietingDown === isQuiet
      ? { value: describeState(isQuiet) }
      : fail("unverified", `Jenkins accepted the request, but nothing changed. ${describeState(!isQuiet)}`);
  },
});

const remove: Operation<JenkinsCredential> = {
  does: "revokes all API tokens of the user, including the current one",
  endpoints: [`POST ${tokenPath("revokeAll")}`, "GET /me/api/json"],
  reference: rotation.reference,
  needs: "nothing: users can revoke their own tokens",
  async run({ client, credential }) {
    const response = await client.expectEmpty(request(credential, { method: "POST", path: tokenPath("revokeAll") }));
    // A repeat authenticates with a token that the first attempt has revoked.
    if (hasFailed(response) && !failedFor(response, "unauthorized")) return response;
    const revoked = await proveRevoked(client, credential, "Jenkins accepted the request, but the token still works.");
    return hasFailed(revoked) ? revoked : { value: "The user has no API tokens." };
  },
};

export const jenkins: Service<JenkinsCredential> = {
  key: "jenkins",
  title: "Jenkins",
  credential: JenkinsCredential,
  isOwnError,
  actions: {
    status,
    rotate: rotation,
    revoke: revocation,
    freeze: quietDown({
      does: "puts Jenkins into quiet mode: running builds finish, and no new build starts",
      path: "/quietDown",
      isQuiet: true,
    }),
    unfreeze: quietDown({ does: "ends the quiet mode, so builds can start", path: "/cancelQuietDown", isQuiet: false }),
    delete: remove,
  },
};
