import { type Attributes, blocks, type Resources, resourcesByAddress, type Value } from "../configuration.ts";

/** Something that AWS or Terraform would reject. */
export interface Finding {
  /** The address of the resource in Terraform, such as `aws_lambda_function.connect`. */
  readonly address: string;
  /** A sentence: what was received, and what is allowed. */
  readonly problem: string;
  /** The page that states the rule. */
  readonly rule: string;
  /** AWS accepts it, but it has no effect, or creation fails in some orders. */
  readonly isWarning?: boolean;
}

/** Checks one resource. Some rules also read the other resources. */
export type Rule = (attributes: Attributes, resources: Resources) => readonly Omit<Finding, "address">[];

/** The allowed values of an attribute. */
export interface Constraint {
  readonly fits: (value: Value) => boolean;
  /** Completes "It must be …". */
  readonly allowed: string;
}

/** The rules of a resource type. Attributes are paths into blocks; `*` stands for each value of a map. */
export interface TypeRules {
  /** The page of AWS or of the provider that states the rules. */
  readonly page: string;
  readonly required?: readonly string[];
  /** Paths whose last name is required if their block exists. */
  readonly requiredInBlocks?: readonly string[];
  readonly attributes: Readonly<Record<string, Constraint>>;
  /** Attributes whose combination of values must be unique among the resources of the type. */
  readonly unique?: readonly { readonly attributes: readonly string[]; readonly ignoresCase?: boolean }[];
}

/** Terraform converts numbers and booleans to strings. */
const isScalar = (value: Value): boolean => ["string", "number", "boolean"].includes(typeof value);

const textOf = (value: Value): string => (isScalar(value) ? String(value) : "");

/** A string with a length in a range that matches a pattern. `shape` describes the pattern. */
export const text = (
  [min, max]: readonly [min: number, max: number],
  { pattern = /^/, shape }: { readonly pattern?: RegExp; readonly shape?: string } = {},
): Constraint => ({
  fits: (value) => {
    const { length } = [...textOf(value)];
    return isScalar(value) && length >= min && length <= max && pattern.test(textOf(value));
  },
  allowed: `a string of ${min} to ${max} characters${shape ? `: ${shape}` : ""}`,
});

/** A whole number. Terraform converts strings to numbers. */
export const integer = (min: number, max: number = Number.MAX_SAFE_INTEGER): Constraint => ({
  fits: (value) => /^-?\d+$/.test(textOf(value)) && Number(value) >= min && Number(value) <= max,
  allowed:
    max === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`,
});

export const atLeast = (min: number): Constraint => ({
  fits: (value) => textOf(value).trim() !== "" && Number(value) >= min,
  allowed: `a number of at least ${min}`,
});

export const oneOf = (...values: readonly (string | number)[]): Constraint => ({
  fits: (value) => values.some((each) => String(each) === textOf(value)),
  allowed: `one of ${values.join(", ")}`,
});

export const listOf = (min: number, max: number): Constraint => ({
  fits: (value) => Array.isArray(value) && value.length >= min && value.length <= max,
  allowed: `a list of ${min} to ${max} values`,
});

export const json: Constraint = {
  fits: (value) => {
    try {
      JSON.parse(textOf(value));
      return true;
    } catch {
      return false;
    }
  },
  allowed: "valid JSON",
};

/** Terraform converts the strings "true" and "false" to booleans. */
export const bool: Constraint = {
  fits: (value) => ["true", "false"].includes(textOf(value)),
  allowed: "true or false",
};

/** The pattern of an ARN, for `text`. */
export const ARN = { pattern: /^arn:aws[a-zA-Z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+$/, shape: "an ARN" };

export const shown = (value: Value | undefined): string => JSON.stringify(value) ?? "nothing";

/** Checks all resources of a type. */
export function typeFindings(resources: Resources, type: string, rules: TypeRules): Finding[] {
  const all = resourcesByAddress(resources, type);
  return [
    ...all.flatMap(([address, attributes]) => resourceFindings(address, attributes, rules)),
    ...(rules.unique ?? []).flatMap((unique) => duplicates(all, { ...unique, page: rules.page })),
  ];
}

function resourceFindings(
  address: string,
  attributes: Attributes,
  { page, required = [], requiredInBlocks = [], ...rules }: TypeRules,
): Finding[] {
  const missing = [
    ...required.filter((path) => valuesAt(attributes, path.split(".")).length === 0),
    ...requiredInBlocks.filter((path) => {
      const [, block = "", name = ""] = /^(.+)\.(\w+)$/.exec(path) ?? [];
      const parents = valuesAt(attributes, block.split(".")).flatMap(blocks);
      return parents.some((parent) => (parent[name] ?? undefined) === undefined);
    }),
  ];
  return [
    ...missing.map((path) => ({ address, problem: `"${path}" is missing. It is required.`, rule: page })),
    ...Object.entries(rules.attributes).flatMap(([path, { fits, allowed }]) =>
      valuesAt(attributes, path.split("."))
        .filter((value) => !fits(value))
        .map((value) => ({ address, problem: `"${path}" is ${shown(value)}. It must be ${allowed}.`, rule: page })),
    ),
  ];
}

/** Returns the values at a path: of each block in a list of blocks, and each element of a list for a path that ends with `[]`. */
export function valuesAt(attributes: Attributes, [name = "", ...rest]: readonly string[]): readonly Value[] {
  const values = name === "*" ? Object.values(attributes) : [attributes[name.replace("[]", "")]];
  const present = values.filter((value) => value !== undefined && value !== null);
  if (rest.length > 0) return present.flatMap((value) => blocks(value).flatMap((each) => valuesAt(each, rest)));
  return name.endsWith("[]") ? (present.flat() as readonly Value[]) : present;
}

interface Unique {
  readonly attributes: readonly string[];
  readonly ignoresCase?: boolean;
  readonly page: string;
}

function duplicates(
  all: readonly [address: string, Attributes][],
  { attributes: names, ignoresCase = false, page }: Unique,
): Finding[] {
  const seen = new Map<string, string>();
  return all.flatMap(([address, attributes]) => {
    if (attributes[names[0] as string] === undefined) return [];
    const values = names.map((name) => attributes[name]);
    const key = ignoresCase ? shown(values as Value).toLowerCase() : shown(values as Value);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, address);
    const what = names.map((name, index) => `"${name}" ${shown(values[index])}`).join(" and ");
    return first === undefined
      ? []
      : [{ address, problem: `It has the same ${what} as ${first}. Rename one.`, rule: page }];
  });
}
