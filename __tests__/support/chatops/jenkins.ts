import { randomBytes, randomUUID } from "node:crypto";
import { jenkins } from "../../../chatops/jenkins/jenkins.ts";
import type { ServiceStandIn, Setting } from "./service-stand-in.ts";
import { type Answered, type Asked, type Route, startStandIn } from "./stand-in.ts";

/* The endpoints of Jenkins that chat-ops uses. https://www.jenkins.io/doc/book/using/remote-access-api/ */

const page = (status: number, title: string): Answered => ({
  status,
  body: `<html><head><title>${title}</title></head></html>`,
});
const NOT_FOUND = page(404, "Error 404 Not Found");
const USER = "ops-bot";

export async function startJenkins({ open = startStandIn }: Partial<Setting> = {}): Promise<ServiceStandIn> {
  /** Token values by uuid. */
  const tokens = new Map<string, string>();
  let isQuiet = false;
  const make = () => {
    const made = { tokenUuid: randomUUID(), tokenValue: `11${randomBytes(16).toString("hex")}` };
    tokens.set(made.tokenUuid, made.tokenValue);
    return made;
  };
  const first = make();

  const isOfUser = ({ headers }: Asked): boolean => {
    const basic = (headers.authorization ?? "").replace(/^Basic /, "");
    const [user, token = ""] = String(Buffer.from(basic, "base64")).split(":");
    return user === USER && [...tokens.values()].includes(token);
  };
  const guarded =
    (answer: (asked: Asked) => Answered) =>
    (asked: Asked): Answered =>
      isOfUser(asked)
        ? answer(asked)
        : { ...page(401, "Error 401 Unauthorized"), headers: { "www-authenticate": 'Basic realm="Jenkins"' } };
  const uuidIn = ({ body }: Asked): string => new URLSearchParams(body).get("tokenUuid") ?? "";
  const quiet = (value: boolean) => (): Answered => {
    isQuiet = value;
    return { status: 302, headers: { location: "/" } };
  };
  const tokenPath = "/me/descriptorByName/jenkins\\.security\\.ApiTokenProperty";
  const routes: readonly Route[] = [
    [/^GET \/me\/api\/json$/, guarded(() => ({ status: 200, body: { _class: "hudson.model.User", id: USER } }))],
    [
      /^GET \/api\/json$/,
      guarded(() => ({ status: 200, body: { _class: "hudson.model.Hudson", quietingDown: isQuiet } })),
    ],
    [/^POST \/quietDown$/, guarded(quiet(true))],
    [/^POST \/cancelQuietDown$/, guarded(quiet(false))],
    [
      new RegExp(`^POST ${tokenPath}/generateNewToken$`),
      guarded(({ body }) => {
        const tokenName = new URLSearchParams(body).get("newTokenName");
        return { status: 200, body: { status: "ok", data: { tokenName, ...make() } } };
      }),
    ],
    [
      new RegExp(`^POST ${tokenPath}/revoke$`),
      guarded((asked) => {
        tokens.delete(uuidIn(asked));
        return { status: 200 };
      }),
    ],
    [
      new RegExp(`^POST ${tokenPath}/revokeAllExcept$`),
      guarded((asked) => {
        for (const uuid of tokens.keys()) if (uuid !== uuidIn(asked)) tokens.delete(uuid);
        return { status: 200 };
      }),
    ],
    [
      new RegExp(`^POST ${tokenPath}/revokeAll$`),
      guarded(() => {
        tokens.clear();
        return { status: 200 };
      }),
    ],
  ];
  const standIn = await open(routes, NOT_FOUND);
  return Object.assign(standIn, {
    service: jenkins,
    status: /^The token works\. Jenkins starts builds\.$/,
    refusal: { ...page(403, "Error 403 Forbidden"), headers: { "x-jenkins": "2.541.1" } },
    proof: /^GET \/me\/api\/json$/,
    findsStrays: true,
    credential: { url: standIn.url, user: USER, token: first.tokenValue, uuid: first.tokenUuid },
    works: ({ token }: { token: string }) => [...tokens.values()].includes(token),
    living: () => tokens.size,
    isFrozen: () => isQuiet,
    isThere: () => tokens.size > 0,
  });
}
