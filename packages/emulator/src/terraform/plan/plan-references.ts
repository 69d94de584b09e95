import { referencesOf } from "./plan-json.ts";
import { keyOf, type PlannedInstance, type Site } from "./planned-stack.ts";

/** An attribute of a resource in the plan. */
export interface Referred {
  readonly instance: PlannedInstance;
  /** Undefined if the plan does not contain it, because the reference has an index such as `each.key`. */
  readonly attribute: string | undefined;
}

interface Search {
  readonly site: Site;
  /** The key of the instance that contains the reference. Instances usually refer to those with the same key. */
  readonly key: string;
  readonly all: readonly PlannedInstance[];
}

const ADDRESS = /^(?:module\.)?([\w-]+)\.?([\w-]+)?(\[[^\]]*\])?(?:\.([\w-]+))?/;

/** Follows a reference of an expression through variables and outputs of modules. Local values are not in a plan. */
export function follow(reference: string, search: Search): Referred[] {
  if (reference.startsWith("var.")) return followVariable(reference.slice(4), search);
  if (reference.startsWith("module.")) return followOutput(reference, search);
  const [, type = "", name = "", key, attribute] = ADDRESS.exec(reference) ?? [];
  const named = search.all.filter(
    ({ resource, site }) => resource.type === type && resource.name === name && site.address === search.site.address,
  );
  const wanted = key ?? search.key;
  const exact = named.filter(({ resource }) => keyOf(resource) === wanted);
  const found = exact.length > 0 || named.length !== 1 ? exact : named;
  return found.map((instance) => ({ instance, attribute }));
}

function followVariable(rest: string, { site, all }: Search): Referred[] {
  if (!site.parent) return [];
  const [name = ""] = rest.split(/[.[]/);
  const expression = site.parent.configuration.module_calls?.[site.call]?.expressions?.[name];
  const search = { site: site.parent, key: site.key, all };
  return referencesOf(expression).flatMap((reference) => follow(reference, search));
}

function followOutput(reference: string, { site, key, all }: Search): Referred[] {
  const [, call = "", own, output] = /^module\.([\w-]+)(\[[^\]]*\])?(?:\.([\w-]+))?/.exec(reference) ?? [];
  const configuration = site.configuration.module_calls?.[call]?.module;
  if (!configuration) return [];
  const address = [site.address, `module.${call}${own ?? key}`].filter(Boolean).join(".");
  const inside: Search = { site: { address, configuration, parent: site, call, key: own ?? key }, key: "", all };
  const outputs = Object.entries(configuration.outputs ?? {}).filter(
    ([name]) => output === undefined || name === output,
  );
  return outputs.flatMap(([, { expression }]) => referencesOf(expression).flatMap((each) => follow(each, inside)));
}
