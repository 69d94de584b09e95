import type { Attributes, Resources } from "./configuration.ts";

export const resourcesOfType = (resources: Resources, type: string): Attributes[] =>
  Object.values(resources[type] ?? {});

/** With the place of each in Terraform, such as `aws_iam_role.connect`. */
export const resourcesByAddress = (resources: Resources, type: string): [string, Attributes][] =>
  Object.entries(resources[type] ?? {}).map(([id, attributes]) => [`${type}.${id}`, attributes]);

/** The one resource of its type. Throws when there is none, or more than one. */
export function onlyResource(resources: Resources, type: string): Attributes {
  const found = resourcesOfType(resources, type);
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new Error(`The emulator plays one ${type} of a stack; this one has ${found.length}.`);
}

/** The resource of a type that another one leads to. `from` names that other one, for the error. */
export function relatedResource(
  resources: Resources,
  type: string,
  { where, from }: { readonly where: (attributes: Attributes) => boolean; readonly from: string },
): Attributes {
  const found = resourcesOfType(resources, type).find(where);
  if (found) return found;
  throw new Error(`${from} leads to no ${type} of this stack; the emulator plays no other.`);
}
