import type { Attributes, Resources } from "./configuration.ts";

export const resourcesOfType = (resources: Resources, type: string): Attributes[] =>
  Object.values(resources[type] ?? {});

/** Each resource of a type with its address in Terraform, such as `aws_iam_role.connect`. */
export const resourcesByAddress = (resources: Resources, type: string): [string, Attributes][] =>
  Object.entries(resources[type] ?? {}).map(([id, attributes]) => [`${type}.${id}`, attributes]);

/** Returns the only resource of a type. Throws unless the stack has exactly one. */
export function onlyResource(resources: Resources, type: string): Attributes {
  const found = resourcesOfType(resources, type);
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new Error(`The stack has ${found.length} resources of the type ${type}. The emulator requires exactly one.`);
}

/** Returns the resource of a type to which another resource refers. `from` describes the other resource, for the error. */
export function relatedResource(
  resources: Resources,
  type: string,
  { where, from }: { readonly where: (attributes: Attributes) => boolean; readonly from: string },
): Attributes {
  const found = resourcesOfType(resources, type).find(where);
  if (found) return found;
  throw new Error(`${from} refers to an ${type} that is not in the stack. Add it, or correct the reference.`);
}
