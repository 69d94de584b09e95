import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/json.ts";
import type { Question } from "../client.ts";
import { fail, failedFor, hasFailed } from "../failure.ts";
import { type HttpAnswer, isJson } from "../http.ts";
import type { Deed, Described, Revocation, Service } from "../service.ts";
import { TravisCredential } from "./credential.ts";

const User = v.object({ login: v.string() });
const Repository = v.object({ active: v.boolean() });
const Home = v.object({ "@type": v.literal("home") });
const TravisError = v.object({ "@type": v.literal("error"), error_type: v.string() });
const Variables = v.object({ env_vars: v.array(v.object({ id: v.string(), public: v.boolean() })) });

/**
 * Errors are JSON, except the answer to an unknown token: a 403 with the text "access denied".
 * https://developer.travis-ci.com/resource/error
 */
const isOwnError = (answer: HttpAnswer): boolean =>
  isJson(answer)
    ? v.is(TravisError, jsonOf(answer.body))
    : answer.status === 403 && answer.body.trim() === "access denied";

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
  endpoints: ["DELETE /access_token", "GET /user", "GET /"],
  reference: "https://developer.travis-ci.com/resource/access_token#remove_token",
  needs: "nothing: a token may end itself",
  /**
   * Travis CI answers 403 to a revoked token, and a firewall answers 403 to everything. So the token must be refused where
   * a living one is not, and a request without a token must reach Travis CI.
   */
  async revoke({ client }, old) {
    const told = await client.tell(question(old, "DELETE", "/access_token"));
    if (hasFailed(told) && !failedFor(told, "unauthorized", "forbidden")) return told;
    const used = await client.ask(question(old, "GET", "/user"), User);
    if (!hasFailed(used)) return fail("unverified", "Travis CI accepted the request, but the old token still works.");
    if (!failedFor(used, "unauthorized", "forbidden")) return used;
    const { authorization: _, ...headers } = question(old, "GET", "/").headers;
    const home = await client.ask({ method: "GET", url: `${old.url}/`, headers }, Home);
    return hasFailed(home) ? home : { value: undefined };
  },
};

const activation = (verb: "activate" | "deactivate", { does }: Pick<Described, "does">): Deed<TravisCredential> => ({
  does,
  endpoints: [`POST /repo/{repository.slug}/${verb}`],
  reference: `https://developer.travis-ci.com/resource/repository#${verb}`,
  needs: "push access to the repository",
  async run({ client, credential }) {
    const told = await client.ask(question(credential, "POST", ofRepository(credential, `/${verb}`)), Repository);
    if (hasFailed(told)) return told;
    const state = `The repository is ${told.value.active ? "active" : "not active"}.`;
    return told.value.active === (verb === "activate")
      ? { value: state }
      : fail("unverified", `Travis CI accepted the request without effect. ${state}`);
  },
});

const isSecret = (variable: { readonly public: boolean }): boolean => !variable.public;

const remove: Deed<TravisCredential> = {
  does: "deletes the repository's environment variables that are not public, with the secrets in them",
  endpoints: ["GET /repo/{repository.slug}/env_vars", "DELETE /repo/{repository.slug}/env_var/{env_var.id}"],
  reference: "https://developer.travis-ci.com/resource/env_var#delete",
  needs: "push access to the repository",
  async run({ client, credential }) {
    const list = () => client.ask(question(credential, "GET", ofRepository(credential, "/env_vars")), Variables);
    const listed = await list();
    if (hasFailed(listed)) return listed;
    const secret = listed.value.env_vars.filter(isSecret);
    for (const { id } of secret) {
      const told = await client.tell(question(credential, "DELETE", ofRepository(credential, `/env_var/${id}`)));
      if (hasFailed(told) && !failedFor(told, "not-found")) return told;
    }
    const left = await list();
    if (hasFailed(left)) return left;
    const count = left.value.env_vars.filter(isSecret).length;
    return count === 0
      ? { value: `The repository has no secret environment variables any more; there were ${secret.length}.` }
      : fail("unverified", `Travis CI still lists ${count} secret environment variables of the repository.`);
  },
};

export const travis: Service<TravisCredential> = {
  key: "travis",
  title: "Travis CI",
  credential: TravisCredential,
  isOwnError,
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
