import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/frames.ts";
import { hasFailed, type Result } from "../failure.ts";
import { type HttpResponse, isJson, serviceUrl } from "../http.ts";
import type { ServiceAccess } from "../service.ts";
import type { Schema, ServiceRequest } from "../service-client.ts";

/**
 * A personal API token, which an operator sets, and the fingerprint of the project's checkout key, once a rotation has
 * created one. CircleCI stores the key itself.
 * https://circleci.com/docs/guides/toolkit/managing-api-tokens/
 */
export const CircleCiCredential = v.object({
  /** Set it for CircleCI server. */
  url: v.optional(serviceUrl, "https://circleci.com/api/v2"),
  /** CircleCI's API cannot create or revoke API tokens. Replace it manually, before it expires. */
  token: v.string(),
  /** The project slug from the project's settings, for example `gh/acme/widgets`. */
  project: v.pipe(v.string(), v.regex(/^[\w-]+\/[\w.-]+\/[\w.-]+$/)),
  /** The fingerprint of the checkout key. */
  checkoutKey: v.optional(v.string()),
});

export type CircleCiCredential = v.InferOutput<typeof CircleCiCredential>;

interface RequestParts {
  readonly method: ServiceRequest["method"];
  readonly path: string;
  readonly body?: object;
}

/** https://circleci.com/docs/guides/toolkit/api-developers-guide/#authentication-and-authorization */
export const request = ({ url, token }: CircleCiCredential, { method, path, body }: RequestParts): ServiceRequest => ({
  method,
  url: url + path,
  headers: { "circle-token": token, accept: "application/json", "content-type": "application/json" },
  ...(body && { body: JSON.stringify(body) }),
});

export const ofProject = ({ project }: CircleCiCredential, path = ""): string => `/project/${project}${path}`;

/** CircleCI's response to a removal. Its errors have the same format. */
export const Removed = v.object({ message: v.string() });

/**
 * Other servers use this format too, for example API Gateway. So a 404 does not prove that a resource is deleted: only a
 * list from CircleCI without the resource does.
 */
export const isOwnError = (answer: HttpResponse): boolean => isJson(answer) && v.is(Removed, jsonOf(answer.body));

/** Reads all pages of a list. https://circleci.com/docs/api/v2/ (`page-token`, `next_page_token`) */
export async function allOf<Item>(
  { client, credential }: ServiceAccess<CircleCiCredential>,
  path: string,
  item: Schema<Item>,
): Promise<Result<readonly Item[]>> {
  const Page = v.object({ items: v.array(item), next_page_token: v.nullish(v.string()) });
  const items: Item[] = [];
  for (let from = ""; ; ) {
    const page = await client.expectJson(request(credential, { method: "GET", path: path + from }), Page);
    if (hasFailed(page)) return page;
    items.push(...page.value.items);
    if (!page.value.next_page_token) return { value: items };
    from = `?page-token=${encodeURIComponent(page.value.next_page_token)}`;
  }
}
