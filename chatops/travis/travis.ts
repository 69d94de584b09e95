import * as v from "valibot";
import type { Question } from "../client.ts";
import { failedFor, hasFailed } from "../failure.ts";
import type { Deed, Described, Revocation, Service } from "../service.ts";
import { TravisCredential } from "./credential.ts";

const User = v.object({ login: v.string() });
const Repository = v.object({ active: v.boolean() });
const Variables = v.object({ env_vars: v.array(v.object({ id: v.string(), public: v.boolean() })) });

const question = ({ url, token }: TravisCredential, method: Question["method"], path: string): Question => ({
  method,
  url: url + path,
  headers: { authorization: `token ${token}`, "travis-api-version": "3", "user-agent": "serverless-chat" },
});

/** A slug is one part of the path. https://developer.travis-ci.com/resource/repository */
const ofRepository = ({ repository }: TravisCredential, path = ""): string =>
  `/repo/${encodeURIComponent(repository)}${path}`;

const status: Deed<TravisCredential> = {
  does: "says whose the token is, and whether the repository is active",
  endpoints: ["GET /user", "GET /repo/{repository.slug}"],
  reference: "https://developer.travis-ci.com/resource/user#current",
  needs: "pull access to the repository",
  async run({ client, credential }) {
    const user = await client.ask(question(credential, "GET", "/user"), User);
    if (hasFailed(user)) return user;
    const repository = await client.ask(question(credential, "GET", ofRepository(credential)), Repository);
    if (hasFailed(repository)) return repository;
    const state = repository.value.active ? "active" : "not active";
    return { value: `The token is ${user.value.login}'s and works; the repository is ${state}.` };
  },
};

const revocation: Revocation<TravisCredential> = {
  does: "ends the API token; Travis CI knows us no more until the secret is set again",
  endpoints: ["DELETE /access_token"],
  reference: "https://developer.travis-ci.com/resource/access_token#remove_token",
  needs: "nothing: a token may end itself",
  async revoke({ client }, old) {
    const told = await client.tell(question(old, "DELETE", "/access_token"));
    // To a token that is dead, Travis CI says 403.
    return failedFor(told, "unauthorized", "forbidden") ? { value: undefined } : told;
  },
};

const activation = (verb: "activate" | "deactivate", described: Pick<Described, "does">): Deed<TravisCredential> => ({
  ...described,
  endpoints: [`POST /repo/{repository.slug}/${verb}`],
  reference: `https://developer.travis-ci.com/resource/repository#${verb}`,
  needs: "push access to the repository",
  async run({ client, credential }) {
    const told = await client.ask(question(credential, "POST", ofRepository(credential, `/${verb}`)), Repository);
    return hasFailed(told) ? told : { value: `The repository is ${told.value.active ? "active" : "not active"}.` };
  },
});

const remove: Deed<TravisCredential> = {
  does: "deletes the repository's environment variables that are not public, with the secrets in them",
  endpoints: ["GET /repo/{repository.slug}/env_vars", "DELETE /repo/{repository.slug}/env_var/{env_var.id}"],
  reference: "https://developer.travis-ci.com/resource/env_var#delete",
  needs: "push access to the repository",
  async run({ client, credential }) {
    const listed = await client.ask(question(credential, "GET", ofRepository(credential, "/env_vars")), Variables);
    if (hasFailed(listed)) return listed;
    const secret = listed.value.env_vars.filter((variable) => !variable.public);
    for (const { id } of secret) {
      const told = await client.tell(question(credential, "DELETE", ofRepository(credential, `/env_var/${id}`)));
      if (hasFailed(told) && !failedFor(told, "not-found")) return told;
    }
    return { value: `The repository has no secret environment variables any more; there were ${secret.length}.` };
  },
};

export const travis: Service<TravisCredential> = {
  key: "travis",
  title: "Travis CI",
  credential: TravisCredential,
  actions: {
    status,
    // PATCH /access_token ends the old token, and gives the new one in the only answer that ever has it.
    rotate: {
      absent:
        "Travis CI's API gives a new token by ending the old one in the same request, so it cannot be proven first, and who loses the answer has none. Make one by hand: `travis token`, then npm run secret -- travis",
    },
    revoke: revocation,
    freeze: activation("deactivate", { does: "deactivates the repository: Travis CI builds nothing of it" }),
    unfreeze: activation("activate", { does: "activates the repository" }),
    delete: remove,
  },
};
