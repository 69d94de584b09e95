import { randomBytes } from "node:crypto";
import { circleci } from "../../../chatops/circleci/circleci.ts";
import type { ServiceStandIn, Setting } from "./service-stand-in.ts";
import { type Answered, type Asked, type Route, startStandIn } from "./stand-in.ts";

/* The endpoints of a project in CircleCI's API v2. https://circleci.com/docs/api/v2/ */

const error = (status: number, message: string): Answered => ({ status, body: { message } });
const NOT_FOUND = error(404, "Not found.");
const TOKEN = `CCIPAT_${randomBytes(20).toString("hex")}`;
const SLUG = "gh/acme/widgets";
const ID = "7f4e1c0a-0000-4000-8000-000000000001";

/** Small, so that a client that reads only one page misses items. */
const PAGE = 2;

interface Key {
  readonly type: "deploy-key";
  readonly fingerprint: string;
  readonly "public-key": string;
  readonly "created-at": string;
}

export async function startCircleCi({
  open = startStandIn,
  now = Date.now,
}: Partial<Setting> = {}): Promise<ServiceStandIn & { readonly made: Key[] }> {
  const keys: Key[] = [];
  const variables = new Set(["AWS_KEY", "NPM_TOKEN", "SLACK_HOOK", "SIGNING_KEY", "DEPLOY_HOST"]);
  const triggers = new Map([1, 2, 3, 4, 5].map((id) => [`t-${id}`, { id: `t-${id}`, disabled: false }]));

  const guarded =
    (answer: (asked: Asked) => Answered) =>
    (asked: Asked): Answered =>
      asked.headers["circle-token"] === TOKEN ? answer(asked) : error(401, "You must log in first.");
  const ok = (body: object, status = 200): Answered => ({ status, body });
  const page = (items: readonly object[], { query }: Asked): Answered => {
    const from = Number(query.get("page-token") ?? 0);
    const next = from + PAGE < items.length ? String(from + PAGE) : null;
    return ok({ items: items.slice(from, from + PAGE), next_page_token: next });
  };
  /** CircleCI prefers the latest key. */
  const shown = (key: Key) => ({ ...key, preferred: key === keys.at(-1) });
  const ofProject = `/project/${SLUG}`;
  const routes: readonly Route[] = [
    [/^GET \/me$/, guarded(() => ok({ id: "1", login: "ops-bot", name: "Ops" }))],
    [new RegExp(`^GET ${ofProject}$`), guarded(() => ok({ id: ID, slug: SLUG, name: "widgets" }))],
    [
      new RegExp(`^POST ${ofProject}/checkout-key$`),
      guarded(({ body }) => {
        if (JSON.parse(body).type !== "deploy-key") return error(400, "type: must be deploy-key or user-key");
        const key: Key = {
          type: "deploy-key",
          fingerprint: randomBytes(16)
            .toString("hex")
            .replace(/..(?!$)/g, "$&:"),
          "public-key": "ssh-rsa AAAA",
          "created-at": new Date(now()).toISOString(),
        };
        keys.push(key);
        return ok(shown(key), 201);
      }),
    ],
    [new RegExp(`^GET ${ofProject}/checkout-key$`), guarded((asked) => page(keys.map(shown), asked))],
    [
      new RegExp(`^(GET|DELETE) ${ofProject}/checkout-key/([^/]+)$`),
      guarded(({ parts: [method, fingerprint] }) => {
        const index = keys.findIndex((key) => key.fingerprint === fingerprint);
        const key = keys[index];
        if (!key) return error(404, "Checkout key not found.");
        if (method === "GET") return ok(shown(key));
        keys.splice(index, 1);
        return ok({ message: "Checkout key deleted." });
      }),
    ],
    [
      new RegExp(`^GET ${ofProject}/envvar$`),
      guarded((asked) =>
        page(
          [...variables].map((name) => ({ name, value: "xxxx1234" })),
          asked,
        ),
      ),
    ],
    [
      new RegExp(`^DELETE ${ofProject}/envvar/(\\w+)$`),
      guarded(({ parts: [name = ""] }) =>
        variables.delete(name) ? ok({ message: "Environment variable deleted." }) : NOT_FOUND,
      ),
    ],
    [
      new RegExp(`^GET /projects/${ID}/pipeline-definitions$`),
      guarded((asked) => page([{ id: "p-1" }, { id: "p-2" }, { id: "p-3" }], asked)),
    ],
    [
      new RegExp(`^GET /projects/${ID}/pipeline-definitions/p-(\\d)/triggers$`),
      guarded((asked) => page(asked.parts[0] === "1" ? [...triggers.values()] : [], asked)),
    ],
    [
      new RegExp(`^PATCH /projects/${ID}/triggers/(t-\\d)$`),
      guarded(({ parts: [id = ""], body }) => {
        const trigger = { id, disabled: JSON.parse(body).disabled };
        triggers.set(id, trigger);
        return ok(trigger);
      }),
    ],
  ];
  const standIn = await open(routes, NOT_FOUND);
  return Object.assign(standIn, {
    service: circleci,
    status: /^The token of ops-bot works; 0 of 5 triggers are disabled; the checkout key works\.$/,
    refusal: error(403, "Permission denied."),
    proof: /^GET .*\/checkout-key$/,
    findsStrays: true,
    credential: { url: standIn.url, token: TOKEN, project: SLUG },
    made: keys,
    works: ({ checkoutKey }: { checkoutKey?: string }) =>
      checkoutKey === undefined || keys.some(({ fingerprint }) => fingerprint === checkoutKey),
    living: () => keys.length,
    isFrozen: () => [...triggers.values()].every(({ disabled }) => disabled),
    isThere: () => variables.size > 0,
  });
}
