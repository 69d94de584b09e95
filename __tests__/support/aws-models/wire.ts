import { isRecord, type Problem, type Report } from "./call.ts";
import { type Reference, type ServiceModel, type Shape, shapeOf } from "./model.ts";
import type { Element } from "./xml.ts";

/** Reads values on the wire with the names and types of a model, and reports what the model does not define. */
export interface Wire {
  readonly model: ServiceModel;
  readonly report: Report;
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** The text of a form, a path, a query string, a header or XML. A text that is not of its type stays a text. */
export function scalar({ model }: Wire, shape: string, text: string): unknown {
  const { type } = shapeOf(model, shape);
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  const numeric = type === "integer" || type === "long" || type === "float" || type === "double";
  return numeric && NUMBER.test(text) ? Number(text) : text;
}

/** A value of JSON. Members that are null count as absent. */
export function fromJson(wire: Wire, { shape: name, value }: { shape: string; value: unknown }, path: string): unknown {
  const shape = shapeOf(wire.model, name);
  if (value === null || shape.document) return value;
  if (shape.type === "structure" && isRecord(value)) return structureFromJson(wire, { name, shape, value }, path);
  if (shape.type === "list" && Array.isArray(value) && shape.member) {
    const { shape: of } = shape.member;
    return value.map((each, index) => fromJson(wire, { shape: of, value: each }, `${path}[${index}]`));
  }
  if (shape.type === "map" && isRecord(value) && shape.value) {
    const { shape: of } = shape.value;
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, fromJson(wire, { shape: of, value: each }, `${path}.${key}`)]),
    );
  }
  return value;
}

function structureFromJson(
  wire: Wire,
  { name, shape, value }: { name: string; shape: Shape; value: Readonly<Record<string, unknown>> },
  path: string,
): Record<string, unknown> {
  const members = Object.entries(shape.members ?? {}).filter(([, { location }]) => location === undefined);
  const byWireName = new Map(members.map(([member, of]) => [of.locationName ?? member, { member, of }]));
  const read: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const { member, of } = byWireName.get(key) ?? {};
    if (!member || !of) wire.report(unknownMember(wire.model, name, join(path, key)));
    else if (each !== null) read[member] = fromJson(wire, { shape: of.shape, value: each }, join(path, member));
  }
  return read;
}

export function fromXml(
  wire: Wire,
  { shape: name, element }: { shape: string; element: Element },
  path: string,
): unknown {
  const shape = shapeOf(wire.model, name);
  if (shape.type === "list" && shape.member) {
    const { shape: of } = shape.member;
    return element.children.map((child, index) => fromXml(wire, { shape: of, element: child }, `${path}[${index}]`));
  }
  if (shape.type !== "structure") return scalar(wire, name, element.text);
  const members = Object.entries(shape.members ?? {}).filter(
    ([, { location, xmlAttribute }]) => !location && !xmlAttribute,
  );
  const byTag = new Map(members.map(([member, of]) => [tagOf(wire.model, member, of), { member, of }]));
  const read: Record<string, unknown> = {};
  for (const child of element.children) {
    const { member, of } = byTag.get(child.name) ?? {};
    if (!member || !of) wire.report(unknownMember(wire.model, name, join(path, child.name)));
    else read[member] = memberFromXml(wire, { of, element: child, before: read[member] }, join(path, member));
  }
  return read;
}

/** A flattened list repeats its member's element instead of enclosing the elements in one. */
function memberFromXml(
  wire: Wire,
  { of, element, before }: { of: Reference; element: Element; before: unknown },
  path: string,
): unknown {
  const { type, flattened, member } = shapeOf(wire.model, of.shape);
  if (type !== "list" || !flattened || !member) return fromXml(wire, { shape: of.shape, element }, path);
  const list = Array.isArray(before) ? before : [];
  return [...list, fromXml(wire, { shape: member.shape, element }, `${path}[${list.length}]`)];
}

function tagOf(model: ServiceModel, member: string, { shape, locationName }: Reference): string {
  const { flattened, member: element } = shapeOf(model, shape);
  return locationName ?? (flattened ? element?.locationName : undefined) ?? member;
}

export const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);

export const unknownMember = ({ source }: ServiceModel, shape: string, member: string): Problem => ({
  member,
  problem: "is not a member of the operation's input",
  rule: `${source} ${shape}`,
});
