import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/frames.ts";
import { fail, failedFor, hasFailed } from "../failure.ts";
import { type HttpResponse, isJson, serviceUrl } from "../http.ts";
import type { ActionDescription, Operation, Revocation, Service } from "../service.ts";
import type { ServiceRequest } from "../service-client.ts";

/** An API token, and the repository to manage with it. https://developer.travis-ci.com/authentication */
export const TravisCredential = v.object({
  /** Set it for Travis CI Enterprise. */
  url: v.optional(serviceUrl, "https://api.travis-ci.com"),
  token: v.string(),
  /** For example `acme/widgets`. */
  repository: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/)),
});

export type TravisCredential = v.InferOutput<typeof TravisCredential>;

const User = v.object({ login: v.string() });
const Repository = v.object({ active: v.boolean() });
const Home = v.object({ "@type": v.literal("home") });
const TravisError = v.object({ "@type": v.literal("error"), error_type: v.string() });
const Variables = v.object({ env_vars: v.array(v.object({ id: v.string(), public: v.boolean() })) });

/**
 * Errors are JSON, except for an unknown token: the response is a 403 with the text "access denied".
 * https://developer.travis-ci.com/resource/error
 */
const isOwnError = (answer: HttpResponse): boolean =>
  isJson(answer)
    ? v.is(TravisError, jsonOf(answer.body))
    : answer.status === 403 && answer.body.trim() === "access denied";

const request = ({ url, token }: TravisCredential, method: ServiceRequest["method"], path: string): ServiceRequest => ({
  method,
  url: url + path,
  headers: { authorization: `token ${token}`, "travis-api-version": "3", "user-agent": "serverless-chat" },
});

/** The slug is one encoded path segment. https://developer.travis-ci.com/resource/repository */
const ofRepository = ({ repository }: TravisCredential, path = ""): string =>
  `/repo/${encodeURIComponent(repository)}${path}`;

const status: Operation<TravisCredential> = {
  does: "shows the owner of the token, and whether the repository is active",
  endpoints: ["GET /user", "GET /repo/{repository.slug}"],
  reference: "https://developer.travis-ci.com/resource/user#current",
  needs: "pull access to the repository",
  async run({ client, credential }) {
    const user = await client.expectJson(request(credential, "GET", "/user"), User);
    if (hasFailed(user)) return user;
    const repository = await client.expectJson(request(credential, "GET", ofRepository(credential)), Repository);
    if (hasFailed(repository)) return repository;
    const state = repository.value.active ? "active" : "not active";
    return { value: `The token of ${user.value.login} works; the repository is ${state}.` };
  },
};

const revocation: Revocation<TravisCredential> = {
  does: "revokes the API token. The other actions fail until the secret is set again",
  endpoints: ["DELETE /access_token", "GET /user", "GET /"],
  reference: "https://developer.travis-ci.com/resource/access_token#remove_token",
  needs: "nothing: a token can revoke itself",
  /**
   * Travis CI responds with 403 to a revoked token, and a firewall can respond with 403 to every request. So two checks are
   * necessary: the token is refused, and a request without a token still reaches Travis CI.
   */
  async revoke({ client }, old) {
    const response = await client.expectEmpty(request(old, "DELETE", "/access_token"));
    if (hasFailed(response) && !failedFor(response, "unauthorized", "forbidden")) return response;
    const used = await client.expectJson(request(old, "GET", "/user"), User);
    if (!hasFailed(used)) return fail("unverified", "Travis CI accepted the request, but the old token still works.");
    if (!failedFor(used, "unauthorized", "forbidden")) return used;
    const { authorization: _, ...headers } = request(old, "GET", "/").headers;
    const home = await client.expectJson({ method: "GET", url: `${old.url}/`, headers }, Home);
    return hasFailed(home) ? home : { value: undefined };
  },
};

const activation = (
  verb: "activate" | "deactivate",
  { does }: Pick<ActionDescription, "does">,
): Operation<TravisCredential> => ({
  does,
  endpoints: [`POST /repo/{repository.slug}/${verb}`],
  reference: `https://developer.travis-ci.com/resource/repository#${verb}`,
  needs: "push access to the repository",
  async run({ client, credential }) {
    const response = await client.expectJson(
      request(credential, "POST", ofRepository(credential, `/${verb}`)),
      Repository,
    );
    if (hasFailed(response)) return response;
    const state = `The repository is ${response.value.active ? "active" : "not active"}.`;
    return response.value.active === (verb === "activate")
      ? { value: state }
      : fail("unverified", `Travis CI accepted the request, but nothing changed. ${state}`);
  },
});

const isSecret = (variable: { readonly public: boolean }): boolean => !variable.public;

const remove: Operation<TravisCredential> = {
  does: "deletes the secret environment variables of the repository",
  endpoints: ["GET /repo/{repository.slug}/env_vars", "DELETE /repo/{repository.slug}/env_var/{env_var.id}"],
  reference: "https://developer.travis-ci.com/resource/env_var#delete",
  needs: "push access to the repository",
  async run({ client, credential }) {
    const list = () => client.expectJson(request(credential, "GET", ofRepository(credential, "/env_vars")), Variables);
    const listed = await list();
    if (hasFailed(listed)) return listed;
    const secret = listed.value.env_vars.filter(isSecret);
    for (const { id } of secret) {
      const response = await client.expectEmpty(
        request(credential, "DELETE", ofRepository(credential, `/env_var/${id}`)),
      );
      if (hasFailed(response) && !failedFor(response, "not-found")) return response;
    }
    const left = await list();
    if (hasFailed(left)) return left;
    const count = left.value.env_vars.filter(isSecret).length;
    return count === 0
      ? { value: `The repository has no secret environment variables. Deleted: ${secret.length}.` }
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
    // PATCH /access_token revokes the old token, and only its response has the new one.
    rotate: {
      unsupported:
        "Travis CI's API revokes the old token in the request that creates a new one, so the new one cannot be verified first, and a lost response leaves no valid token. Create a token manually with `travis token`, then set it with `npm run secret -- travis`",
    },
    revoke: revocation,
    freeze: activation("deactivate", { does: "deactivates the repository, so Travis CI does not build it" }),
    unfreeze: activation("activate", { does: "activates the repository, so Travis CI builds it again" }),
    delete: remove,
  },
};
