/** A value of Terraform's JSON syntax. https://developer.hashicorp.com/terraform/language/syntax/json */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Attributes = Readonly<Record<string, Value>>;

/** Attributes by resource type and id. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A stack in Terraform's JSON syntax, synthesized or written by hand. */
export interface Configuration {
  readonly region: string;
  readonly resource: Resources;
  /** Data sources. */
  readonly data: Resources;
  /** Tags that the provider adds to each resource. */
  readonly defaultTags: Attributes;
}

/** All blocks of one kind. A single block can be bare or in a list. */
export const blocks = (value: Value | undefined): readonly Attributes[] =>
  value === undefined || value === null ? [] : ([value].flat() as readonly Attributes[]);

/** The only block of its kind; empty if it is absent. */
export const block = (value: Value | undefined): Attributes => blocks(value)[0] ?? {};

export const mapEntries = <In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In, name: string) => Out,
): Record<string, Out> => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));

/** The stack cannot be played. The message lists all reasons. */
export class StackError extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    const all = [...new Set(reasons)];
    const [only = ""] = all;
    super(
      all.length === 1 ? only : [`The emulator refuses the stack for ${all.length} reasons:`, ...all].join("\n  - "),
    );
    this.name = "StackError";
    this.reasons = all;
  }
}

export const resourcesOfType = (resources: Resources, type: string): Attributes[] =>
  Object.values(resources[type] ?? {});

/** The address of a resource in Terraform, such as `aws_iam_role.connect`. The id of a module's resource is its address. */
export const addressOf = (type: string, id: string): string => (id.startsWith("module.") ? id : `${type}.${id}`);

/** Each resource of a type with its address. */
export const resourcesByAddress = (resources: Resources, type: string): [string, Attributes][] =>
  Object.entries(resources[type] ?? {}).map(([id, attributes]) => [addressOf(type, id), attributes]);

/** Reads each item. Continues after a fault, so that one error lists them all. */
export function readEach<Item, Result>(items: readonly Item[], read: (item: Item) => Result): Result[] {
  const reasons: string[] = [];
  const results = items.flatMap((item) => attempt(() => [read(item)], reasons) ?? []);
  if (reasons.length > 0) throw new StackError(reasons);
  return results;
}

/** Returns undefined after a fault, and adds its reasons. */
export function attempt<Result>(read: () => Result, reasons: string[]): Result | undefined {
  try {
    return read();
  } catch (fault) {
    const { message } = fault as Error;
    // The message of a consequence is empty, because its cause is reported.
    if (message !== "") reasons.push(...(fault instanceof StackError ? fault.reasons : [message]));
    return undefined;
  }
}

/** Returns the only resource of a type. Throws unless the stack has exactly one. */
export function onlyResource(resources: Resources, type: string): Attributes {
  const found = resourcesByAddress(resources, type);
  const [first] = found;
  if (first && found.length === 1) return first[1];
  const remedy =
    found.length === 0
      ? "Add one."
      : `Remove all but one of ${found.map(([address]) => address).join(" and ")} for local runs, for example with a count that depends on a variable.`;
  throw new Error(
    `The stack has ${found.length} resources of the type ${type}. The emulator requires exactly one. ${remedy}`,
  );
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
