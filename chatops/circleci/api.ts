import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/json.ts";
import type { Question, Shape } from "../client.ts";
import { type Answer, hasFailed } from "../failure.ts";
import { type HttpAnswer, isJson } from "../http.ts";
import type { At } from "../service.ts";
import type { CircleCiCredential } from "./credential.ts";

interface Sent {
  readonly method: Question["method"];
  readonly path: string;
  readonly body?: object;
}

/** https://circleci.com/docs/guides/toolkit/api-developers-guide/#authentication-and-authorization */
export const question = ({ url, token }: CircleCiCredential, { method, path, body }: Sent): Question => ({
  method,
  url: url + path,
  headers: { "circle-token": token, accept: "application/json", "content-type": "application/json" },
  ...(body && { body: JSON.stringify(body) }),
});

export const ofProject = ({ project }: CircleCiCredential, path = ""): string => `/project/${project}${path}`;

/** How CircleCI reports that it has removed something, and also how it reports errors. */
export const Removed = v.object({ message: v.string() });

/**
 * Other servers use this form too, for example API Gateway. So CircleCI's 404 never proves that something is gone: a
 * list that CircleCI returns without it does.
 */
export const isOwnError = (answer: HttpAnswer): boolean => isJson(answer) && v.is(Removed, jsonOf(answer.body));

/** Every item of a list, whatever the pages. https://circleci.com/docs/api/v2/ (`page-token`, `next_page_token`) */
export async function allOf<Item>(
  { client, credential }: At<CircleCiCredential>,
  path: string,
  item: Shape<Item>,
): Promise<Answer<readonly Item[]>> {
  const Page = v.object({ items: v.array(item), next_page_token: v.nullish(v.string()) });
  const items: Item[] = [];
  for (let from = ""; ; ) {
    const page = await client.ask(question(credential, { method: "GET", path: path + from }), Page);
    if (hasFailed(page)) return page;
    items.push(...page.value.items);
    if (!page.value.next_page_token) return { value: items };
    from = `?page-token=${encodeURIComponent(page.value.next_page_token)}`;
  }
}
