import * as v from "valibot";
import { type Answer, fail, failedFor, hasFailed } from "../failure.ts";
import type { At, Deed, Described, Service } from "../service.ts";
import { JenkinsCredential } from "./credential.ts";
import { isOwnError, question, tokenPath } from "./questions.ts";
import { proveEnded, revocation, rotation } from "./rotation.ts";

const State = v.object({ quietingDown: v.boolean() });

const stateOf = ({ client, credential }: At<JenkinsCredential>): Promise<Answer<v.InferOutput<typeof State>>> =>
  client.ask(question(credential, { method: "GET", path: "/api/json?tree=quietingDown" }), State);

const sentence = (isQuiet: boolean): string => (isQuiet ? "Jenkins starts no builds." : "Jenkins starts builds.");

const status: Deed<JenkinsCredential> = {
  does: "says whether the token works, and whether Jenkins starts builds",
  endpoints: ["GET /me/api/json", "GET /api/json"],
  reference: "https://www.jenkins.io/doc/book/using/remote-access-api/",
  needs: "Overall/Read",
  async run(at) {
    const proven = await rotation.prove(at);
    if (hasFailed(proven)) return proven;
    const state = await stateOf(at);
    return hasFailed(state) ? state : { value: `The token works. ${sentence(state.value.quietingDown)}` };
  },
};

interface Quieting extends Pick<Described, "does"> {
  readonly path: string;
  readonly isQuiet: boolean;
}

/** Jenkins answers with a redirect, and so does a proxy that requires a login, so the state is read afterwards. */
const quieting = ({ does, path, isQuiet }: Quieting): Deed<JenkinsCredential> => ({
  does,
  endpoints: [`POST ${path}`, "GET /api/json"],
  reference: "https://www.jenkins.io/doc/book/using/remote-access-api/",
  needs: "Overall/Manage",
  async run(at) {
    const told = await at.client.tell({ ...question(at.credential, { method: "POST", path }), acceptsRedirect: true });
    if (hasFailed(told)) return told;
    const state = await stateOf(at);
    if (hasFailed(state)) return state;
    return state.value.quietingDown === isQuiet
      ? { value: sentence(isQuiet) }
      : fail("unverified", `Jenkins accepted the request without effect. ${sentence(!isQuiet)}`);
  },
});

const remove: Deed<JenkinsCredential> = {
  does: "ends every API token of the user, the one in use too",
  endpoints: [`POST ${tokenPath("revokeAll")}`, "GET /me/api/json"],
  reference: rotation.reference,
  needs: "nothing: users may end their own tokens",
  async run({ client, credential }) {
    const told = await client.tell(question(credential, { method: "POST", path: tokenPath("revokeAll") }));
    // A repeat authenticates with a token that the first attempt has ended.
    if (hasFailed(told) && !failedFor(told, "unauthorized")) return told;
    const ended = await proveEnded(client, credential, "Jenkins accepted the request, but the token still works.");
    return hasFailed(ended) ? ended : { value: "The user has no API tokens any more." };
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
    freeze: quieting({
      does: "quiets Jenkins down: builds that run end, and none starts",
      path: "/quietDown",
      isQuiet: true,
    }),
    unfreeze: quieting({ does: "lets Jenkins start builds again", path: "/cancelQuietDown", isQuiet: false }),
    delete: remove,
  },
};
