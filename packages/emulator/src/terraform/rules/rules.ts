import type { Attributes, Configuration, Resources } from "../configuration.ts";
import { attributeRules } from "./attributes.ts";
import { type Finding, typeFindings } from "./constraints.ts";
import { type Graph, orderFindings } from "./order.ts";
import { policyFindings } from "./policies.ts";
import { nameFindings, relationFindings, tagFindings } from "./relations.ts";

/** Checks names, tags and the order of permissions in Terraform with unresolved references. */
export const unresolvedFindings = ({ resource, defaultTags }: Configuration): Finding[] => [
  ...orderFindings(resource),
  ...nameFindings(resource),
  ...tagFindings(resource, defaultTags),
];

/** What a stack declares in all its modules. */
export interface Declared {
  /** By module, with unresolved references. */
  readonly modules: readonly Resources[];
  /** All resources with resolved references, without attributes that cannot be resolved. */
  readonly resources: Resources;
  readonly graph: Graph;
  readonly defaultTags: Attributes;
}

/** Checks names, tags and the order of permissions in a stack of several modules. */
export const declaredFindings = ({ modules, resources, graph, defaultTags }: Declared): Finding[] => [
  ...orderFindings(resources, graph),
  ...modules.flatMap(nameFindings),
  ...tagFindings(resources, defaultTags),
];

/** Checks resources with resolved references against the rules of AWS and Terraform. */
export const resolvedFindings = async (resources: Resources): Promise<Finding[]> => [
  ...Object.entries(attributeRules).flatMap(([type, rules]) => typeFindings(resources, type, rules)),
  ...relationFindings(resources),
  ...(await policyFindings(resources)),
];

export const sentence = ({ address, problem, rule }: Finding): string => `${address}: ${problem} See ${rule}`;
