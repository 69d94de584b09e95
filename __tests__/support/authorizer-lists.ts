import type { Answered, Asked } from "./bucket-policies.ts";

const LIST_PATH = /^\/v2\/apis\/([^/]+)\/authorizers(?:\/([^/?]+))?$/;

export interface AuthorizerLists {
  answer(asked: Asked): Answered | undefined;
  /** Records authorizers in the responses of moto. */
  complete(asked: Asked, answered: string): string;
}

/** Lists the authorizers of an API, because moto has no GetAuthorizers. */
export function authorizerLists(): AuthorizerLists {
  const authorizers = new Map<string, Map<string, object>>();
  return {
    answer({ method, url }) {
      const [, api, id] = LIST_PATH.exec(url) ?? [];
      if (method !== "GET" || !api || id) return undefined;
      return { status: 200, body: JSON.stringify({ items: [...(authorizers.get(api)?.values() ?? [])] }) };
    },
    complete({ method, url }, answered) {
      const [, api, id] = LIST_PATH.exec(url) ?? [];
      if (!api || method === "GET") return answered;
      const ofApi = authorizers.get(api) ?? new Map<string, object>();
      authorizers.set(api, ofApi);
      if (method === "DELETE") ofApi.delete(id ?? "");
      else {
        const authorizer: { authorizerId: string } = JSON.parse(answered);
        ofApi.set(authorizer.authorizerId, authorizer);
      }
      return answered;
    },
  };
}
