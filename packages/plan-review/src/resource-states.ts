import { type ConfiguredModule, isForgotten, type Plan, type ResourceChange } from "./plan.ts";
import { referencesOf, type ToReferences } from "./references.ts";
import { isMarked, markOf } from "./values.ts";

/** A resource as it is on one side of the plan. */
export interface ResourceState {
  readonly address: string;
  readonly type: string;
  /** All that it has, will have, or is written with. */
  readonly attributes: readonly string[];
  isWritten(attribute: string): boolean;
  /** A text attribute with references instead of names, if they are known. Undefined if it is not set or is sensitive. */
  text(attribute: string): string | undefined;
  /** Every text at or below an attribute, as `text` has it. */
  texts(attribute: string): readonly TextAt[];
  /** The attribute's value in the plan; undefined if any part of it is sensitive or known after apply. */
  raw(attribute: string): unknown;
  /** One value, such as `at("ttl", 0, "enabled")`. */
  at(...path: readonly (string | number)[]): Known;
  /** Why the value of the attribute is hidden. Undefined if it is visible. */
  hides(attribute: string): "sensitive" | "known after apply" | undefined;
  readonly toReferences: ToReferences;
}

export interface TextAt {
  /** `inline_policy.0.policy` */
  readonly path: string;
  readonly text: string;
}

/** A value, or the fact that it is hidden. */
export interface Known {
  /** Only for comparison if it is sensitive. */
  readonly value: unknown;
  readonly isSensitive: boolean;
  readonly isUnknown: boolean;
  /** Whether the configuration sets it, or may: Terraform and AWS fill in the others. */
  readonly isWritten: boolean;
}

/** All that is managed, before and after. */
export interface Sides {
  readonly before: readonly ResourceState[];
  readonly after: readonly ResourceState[];
}

type Attributes = Readonly<Record<string, unknown>>;

/** What a side of a resource is read from. */
interface Side {
  readonly values: Attributes;
  readonly sensitive: unknown;
  readonly unknown: unknown;
  /** As written, for what is known after apply. */
  readonly written: Attributes;
  readonly toReferences: ToReferences;
}

/** A resource that Terraform forgets stays in AWS unchanged, so it is on both sides. */
export function sidesOf(plan: Plan): Sides {
  const toReferences = referencesOf(plan);
  const written = writtenOf(plan);
  // A deposed object has the address of the current one, which comes last so that look-ups by address find it.
  const managed = plan.resource_changes
    .filter(({ mode }) => mode === "managed")
    .sort((a, b) => Number(b.deposed !== undefined) - Number(a.deposed !== undefined));
  const state = (resource: ResourceChange, side: "before" | "after"): ResourceState[] => {
    const { change } = resource;
    if (!change[side]) return [];
    const read = { values: change[side] as Attributes, sensitive: change[`${side}_sensitive`] };
    const unknown = side === "after" && change.after_unknown;
    return [thingOf(resource, { ...read, unknown, written: written(resource), toReferences })];
  };
  const after = (resource: ResourceChange): ResourceState[] => [
    ...(isForgotten(resource.change) ? state(resource, "before") : []),
    ...state(resource, "after"),
  ];
  return { before: managed.flatMap((resource) => state(resource, "before")), after: managed.flatMap(after) };
}

function thingOf({ address, type }: ResourceChange, side: Side): ResourceState {
  const hides: ResourceState["hides"] = (attribute) => {
    if (isMarked(markOf(side.sensitive, attribute))) return "sensitive";
    return isMarked(markOf(side.unknown, attribute)) ? "known after apply" : undefined;
  };
  const raw: ResourceState["raw"] = (attribute) => (hides(attribute) ? undefined : side.values[attribute]);
  const known = (attribute: string): unknown =>
    hides(attribute) === "known after apply" ? side.written[attribute] : raw(attribute);
  const text: ResourceState["text"] = (attribute) => {
    const found = known(attribute);
    return typeof found === "string" && found !== "" ? side.toReferences(found) : undefined;
  };
  const texts: ResourceState["texts"] = (attribute) =>
    textsIn(known(attribute), attribute).map(({ path, text: found }) => ({ path, text: side.toReferences(found) }));
  const isMarkedAt = (marks: unknown, path: readonly (string | number)[]): boolean =>
    isMarked(path.reduce<unknown>((mark, step) => markOf(mark, `${step}`), marks));
  const at: ResourceState["at"] = (...path) => ({
    value: path.reduce<unknown>(below, side.values),
    isSensitive: isMarkedAt(side.sensitive, path),
    isUnknown: isMarkedAt(side.unknown, path),
    isWritten: isWrittenAt(side.written, path),
  });
  const { values, unknown, written, toReferences } = side;
  const attributes = [...new Set([values, unknown || {}, written].flatMap((known) => Object.keys(known)))];
  const isWritten: ResourceState["isWritten"] = (attribute) => attribute in written;
  return { address, type, attributes, isWritten, text, texts, raw, at, hides, toReferences };
}

const below = (node: unknown, step: string | number): unknown => (node as Attributes | null | undefined)?.[step];

/** An attribute that is written as a reference may set everything below it. */
function isWrittenAt(written: Attributes, path: readonly (string | number)[]): boolean {
  const [attribute = ""] = path;
  if (!(attribute in written)) return false;
  const parent = path.slice(0, -1).reduce<unknown>(below, written);
  return typeof parent !== "object" || parent === null || `${path.at(-1)}` in parent;
}

function textsIn(node: unknown, path: string): TextAt[] {
  if (typeof node === "string") return node === "" ? [] : [{ path, text: node }];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) => textsIn(inner, `${path}.${key}`));
}

/**
 * The attributes of a resource as they are written, with their references in them.
 * For a configuration in JSON, such as cdktf's, Terraform returns whole texts. For HCL, it only lists the references.
 */
export function writtenOf({ configuration }: Plan): (resource: Pick<ResourceChange, "address">) => Attributes {
  const resources = configuredIn(configuration.root_module);
  return ({ address }) => resources.get(withoutKeys(address)) ?? {};
}

function configuredIn({ resources = [], module_calls = {} }: ConfiguredModule, prefix = ""): Map<string, Attributes> {
  const own = resources.map(({ type, name, expressions = {} }): [string, Attributes] => [
    `${prefix}${type}.${name}`,
    Object.fromEntries(
      Object.entries(expressions).map(([attribute, expression]) => [attribute, constantOf(expression)]),
    ),
  ]);
  const inModules = Object.entries(module_calls).flatMap(([name, { module = {} }]) => [
    ...configuredIn(module, `${prefix}module.${name}.`),
  ]);
  return new Map([...own, ...inModules]);
}

/** `module.a["x"].aws_sqs_queue.b[0]` is written once, as `module.a.aws_sqs_queue.b`. */
const withoutKeys = (address: string): string => address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, "");

/** An expression is `{ constant_value }`, `{ references }`, or a block of expressions. */
function constantOf(expression: unknown): unknown {
  if (Array.isArray(expression)) return expression.map(constantOf);
  if (typeof expression !== "object" || expression === null) return expression;
  if ("constant_value" in expression) return expression.constant_value;
  if ("references" in expression) return undefined;
  return Object.fromEntries(Object.entries(expression).map(([name, inner]) => [name, constantOf(inner)]));
}
