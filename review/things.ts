import type { Plan, ResourceChange } from "./plan.ts";
import { referencesOf, type ToReferences } from "./references.ts";
import { isMarked, markOf } from "./values.ts";

/** A resource as it is on one side of the plan. */
export interface Thing {
  readonly address: string;
  readonly type: string;
  /** All that it has, will have, or is written with. */
  readonly attributes: readonly string[];
  isWritten(attribute: string): boolean;
  /** A text attribute with references in place of names, as far as it can be known. Undefined where it is not set, or nobody may see it. */
  text(attribute: string): string | undefined;
  /** The attribute as the plan has it; undefined where nobody may see it. */
  raw(attribute: string): unknown;
  /** Whether the attribute has a value that cannot be told. */
  hides(attribute: string): "sensitive" | "known after apply" | undefined;
  readonly toReferences: ToReferences;
}

/** All that is managed, before and after. */
export interface Sides {
  readonly before: readonly Thing[];
  readonly after: readonly Thing[];
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

export function sidesOf(plan: Plan): Sides {
  const toReferences = referencesOf(plan);
  const written = writtenOf(plan);
  const managed = plan.resource_changes.filter(({ mode }) => mode === "managed");
  const things = (side: "before" | "after"): Thing[] =>
    managed.flatMap((resource) => {
      const { change } = resource;
      if (!change[side]) return [];
      return thingOf(resource, {
        values: change[side] as Attributes,
        sensitive: change[`${side}_sensitive`],
        unknown: side === "after" && change.after_unknown,
        written: written(resource),
        toReferences,
      });
    });
  return { before: things("before"), after: things("after") };
}

function thingOf({ address, type }: ResourceChange, side: Side): Thing {
  const hides: Thing["hides"] = (attribute) => {
    if (isMarked(markOf(side.sensitive, attribute))) return "sensitive";
    return isMarked(markOf(side.unknown, attribute)) ? "known after apply" : undefined;
  };
  const raw: Thing["raw"] = (attribute) => (hides(attribute) ? undefined : side.values[attribute]);
  const text: Thing["text"] = (attribute) => {
    const found = hides(attribute) === "known after apply" ? side.written[attribute] : raw(attribute);
    return typeof found === "string" && found !== "" ? side.toReferences(found) : undefined;
  };
  const { values, unknown, written, toReferences } = side;
  const attributes = [...new Set([values, unknown || {}, written].flatMap((known) => Object.keys(known)))];
  const isWritten: Thing["isWritten"] = (attribute) => attribute in written;
  return { address, type, attributes, isWritten, text, raw, hides, toReferences };
}

/**
 * The attributes of a resource as they are written, with their references in them.
 * Terraform tells them whole where the configuration is JSON, as cdktf's is; of HCL it would name the references alone.
 */
export function writtenOf({ configuration }: Plan): (resource: Pick<ResourceChange, "type" | "name">) => Attributes {
  const resources = configuration.root_module.resources ?? [];
  const byName = new Map(resources.map(({ type, name, expressions }) => [`${type}.${name}`, expressions ?? {}]));
  return ({ type, name }) =>
    Object.fromEntries(
      Object.entries(byName.get(`${type}.${name}`) ?? {}).map(([attribute, expression]) => [
        attribute,
        (expression as { constant_value?: unknown } | null)?.constant_value ?? expression,
      ]),
    );
}
