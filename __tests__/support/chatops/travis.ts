import { randomBytes } from "node:crypto";
import { travis } from "../../../chatops/travis/travis.ts";
import type { ServiceStandIn, Setting } from "./service-stand-in.ts";
import { type Answered, type Asked, type Route, startStandIn } from "./stand-in.ts";

/* The endpoints of a repository in Travis CI's API v3. https://developer.travis-ci.com/ */

const error = (status: number, error_type: string, error_message: string): Answered => ({
  status,
  body: { "@type": "error", error_type, error_message },
});
const NOT_FOUND = error(404, "not_found", "resource not found (or insufficient access)");
const REPOSITORY = "acme/widgets";

export async function startTravis({ open = startStandIn }: Partial<Setting> = {}): Promise<ServiceStandIn> {
  const token = randomBytes(16).toString("base64url");
  const tokens = new Set([token]);
  let isActive = true;
  const variables = new Map([
    ["a1", { id: "a1", name: "NPM_TOKEN", public: false }],
    ["b2", { id: "b2", name: "NODE_ENV", public: true }],
    ["c3", { id: "c3", name: "DEPLOY_KEY", public: false }],
  ]);

  const guarded =
    (answer: (asked: Asked) => Answered) =>
    (asked: Asked): Answered => {
      if (asked.headers["travis-api-version"] !== "3") return error(404, "not_found", "no such version");
      const isKnown = tokens.has((asked.headers.authorization ?? "").replace(/^token /, ""));
      return isKnown ? answer(asked) : { status: 403, body: "access denied" };
    };
  const ok = (body: object): Answered => ({ status: 200, body });
  const repository = () => ok({ "@type": "repository", id: 891, slug: REPOSITORY, active: isActive });
  const secret = () => [...variables.values()].some((variable) => !variable.public);
  const routes: readonly Route[] = [
    [/^GET \/$/, () => ok({ "@type": "home", "@href": "/" })],
    [/^GET \/user$/, guarded(() => ok({ "@type": "user", id: 1, login: "ops-bot" }))],
    [/^GET \/repo\/acme\/widgets$/, guarded(repository)],
    [
      /^POST \/repo\/acme\/widgets\/(activate|deactivate)$/,
      guarded(({ parts: [verb] }) => {
        isActive = verb === "activate";
        return repository();
      }),
    ],
    [
      /^GET \/repo\/acme\/widgets\/env_vars$/,
      guarded(() => ok({ "@type": "env_vars", env_vars: [...variables.values()] })),
    ],
    [
      /^DELETE \/repo\/acme\/widgets\/env_var\/(\w+)$/,
      guarded(({ parts: [id = ""] }) => (variables.delete(id) ? { status: 204 } : NOT_FOUND)),
    ],
    [
      /^DELETE \/access_token$/,
      guarded(() => {
        tokens.clear();
        return { status: 204 };
      }),
    ],
  ];
  const standIn = await open(routes, NOT_FOUND);
  return Object.assign(standIn, {
    service: travis,
    status: /^The token of ops-bot works; the repository is active\.$/,
    refusal: error(403, "insufficient_access", "operation requires push access to repository"),
    proof: /^GET \/user$/,
    findsStrays: true,
    credential: { url: standIn.url, token, repository: REPOSITORY },
    works: (credential: { token: string }) => tokens.has(credential.token),
    living: () => tokens.size,
    isFrozen: () => !isActive,
    isThere: secret,
  });
}
