import * as v from "valibot";
import { hasFailed } from "../failure.ts";
import type { Deed, Described, Service } from "../service.ts";
import { JenkinsCredential } from "./credential.ts";
import { question, tokenPath } from "./questions.ts";
import { revocation, rotation } from "./rotation.ts";

const State = v.object({ quietingDown: v.boolean() });

const status: Deed<JenkinsCredential> = {
  does: "says whether the token works, and whether Jenkins starts builds",
  endpoints: ["GET /me/api/json", "GET /api/json"],
  reference: "https://www.jenkins.io/doc/book/using/remote-access-api/",
  needs: "Overall/Read",
  async run(at) {
    const proven = await rotation.prove(at);
    if (hasFailed(proven)) return proven;
    const path = "/api/json?tree=quietingDown";
    const state = await at.client.ask(question(at.credential, { method: "GET", path }), State);
    if (hasFailed(state)) return state;
    return { value: `The token works; Jenkins ${state.value.quietingDown ? "starts no builds" : "starts builds"}.` };
  },
};

interface Posted extends Pick<Described, "does" | "reference" | "needs"> {
  readonly path: string;
  readonly done: string;
}

const posting = ({ path, done, ...described }: Posted): Deed<JenkinsCredential> => ({
  ...described,
  endpoints: [`POST ${path}`],
  async run({ client, credential }) {
    const told = await client.tell(question(credential, { method: "POST", path }));
    return hasFailed(told) ? told : { value: done };
  },
});

/** `/quietDown` and `/cancelQuietDown`, and what they need. */
const QUIET_REFERENCE = "https://www.jenkins.io/doc/book/using/remote-access-api/#RemoteaccessAPI-RestartingJenkins";

export const jenkins: Service<JenkinsCredential> = {
  key: "jenkins",
  title: "Jenkins",
  credential: JenkinsCredential,
  actions: {
    status,
    rotate: rotation,
    revoke: revocation,
    freeze: posting({
      does: "quiets Jenkins down: builds that run end, and none starts",
      path: "/quietDown",
      reference: QUIET_REFERENCE,
      needs: "Overall/Manage",
      done: "Jenkins starts no builds.",
    }),
    unfreeze: posting({
      does: "lets Jenkins start builds again",
      path: "/cancelQuietDown",
      reference: QUIET_REFERENCE,
      needs: "Overall/Manage",
      done: "Jenkins starts builds again.",
    }),
    delete: posting({
      does: "ends every API token of the user, the one in use too",
      path: tokenPath("revokeAll"),
      reference: rotation.reference,
      needs: "nothing: users may end their own tokens",
      done: "The user has no API tokens any more.",
    }),
  },
};
