import { type Parameters, type Problem, shown } from "./call.ts";
import { type ServiceModel, type Shape, shapeOf } from "./model.ts";
import { scalar, unknownMember, type Wire } from "./wire.ts";

/** A form of the query protocol. Fields that remain after reading are unknown. */
interface Form extends Wire {
  readonly values: ReadonlyMap<string, string>;
  readonly left: Set<string>;
}

/** Reads a form of the query protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function parametersFromForm(
  wire: Wire,
  values: ReadonlyMap<string, string>,
  input: string | undefined,
): Parameters {
  const left = new Set([...values.keys()].filter((name) => name !== "Action" && name !== "Version"));
  const form = { ...wire, values, left };
  const parameters = input === undefined ? {} : structure(form, shapeOf(wire.model, input), "");
  for (const name of left) wire.report(unknownMember(wire.model, input ?? "no input", name));
  return parameters;
}

/** The `Version` of a form must be the model's. */
export function versionProblem({ metadata, source }: ServiceModel, version: string | undefined): Problem[] {
  if (version === metadata.apiVersion) return [];
  const problem = `is ${shown(version)}; AWS accepts "${metadata.apiVersion}"`;
  return [{ member: "Version", problem, rule: source }];
}

function structure(form: Form, { members = {} }: Shape, prefix: string): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [member, { shape, locationName = member }] of Object.entries(members)) {
    const value = valueAt(form, shape, prefix + locationName);
    if (value !== undefined) read[member] = value;
  }
  return read;
}

function valueAt(form: Form, name: string, prefix: string): unknown {
  const shape = shapeOf(form.model, name);
  if (shape.type === "structure")
    return startsAny(form, `${prefix}.`) ? structure(form, shape, `${prefix}.`) : undefined;
  if (shape.type === "list") return listAt(form, shape, prefix);
  if (shape.type === "map") return mapAt(form, shape, prefix);
  const text = form.values.get(prefix);
  if (text === undefined) return undefined;
  form.left.delete(prefix);
  return scalar(form, name, text);
}

function listAt(form: Form, { member, flattened }: Shape, prefix: string): unknown {
  // An empty list is written as the name alone.
  if (form.values.get(prefix) === "") {
    form.left.delete(prefix);
    return [];
  }
  const base = flattened ? prefix : `${prefix}.${member?.locationName ?? "member"}`;
  const numbers = numbersAfter(form, base);
  if (numbers.length === 0 || !member) return undefined;
  return numbers.map((number) => valueAt(form, member.shape, `${base}.${number}`));
}

function mapAt(form: Form, { key, value, flattened }: Shape, prefix: string): unknown {
  const base = flattened ? prefix : `${prefix}.entry`;
  const numbers = numbersAfter(form, base);
  if (numbers.length === 0 || !key || !value) return undefined;
  const at = (number: number, name: string) => `${base}.${number}.${name}`;
  return Object.fromEntries(
    numbers.map((number) => [
      valueAt(form, key.shape, at(number, key.locationName ?? "key")),
      valueAt(form, value.shape, at(number, value.locationName ?? "value")),
    ]),
  );
}

const startsAny = ({ values }: Form, prefix: string): boolean =>
  [...values.keys()].some((name) => name.startsWith(prefix));

/** The numbers of a list's elements, in order: `Tags.member.1`, `Tags.member.2`. */
function numbersAfter({ values }: Form, base: string): number[] {
  const numbers = [...values.keys()]
    .filter((name) => name.startsWith(`${base}.`))
    .map((name) => Number(name.slice(base.length + 1).split(".")[0]))
    .filter((number) => Number.isInteger(number));
  return [...new Set(numbers)].sort((one, other) => one - other);
}
