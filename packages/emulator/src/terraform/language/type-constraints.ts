import { type Expression, SyntaxFault } from "./expression.ts";
import { parseExpression } from "./syntax.ts";
import {
  EvaluationFault,
  entriesOf,
  type Fields,
  isFields,
  isList,
  Reference,
  type Result,
  setOf,
  toBool,
  toFields,
  toList,
  toNumber,
  toText,
  typeName,
} from "./values.ts";

/** Converts a value to a type. `evaluate` evaluates the defaults of optional attributes. */
export type Convert = (value: Result, evaluate: (expression: Expression) => Result) => Result;

const primitive =
  (convert: (value: Result) => Result): Convert =>
  (value) =>
    value === null ? null : convert(value);

const PRIMITIVES: Readonly<Record<string, Convert>> = {
  any: (value) => value,
  string: primitive(toText),
  number: primitive(toNumber),
  bool: primitive(toBool),
};

/** Parses a type constraint, such as `list(object({ name = string, port = optional(number, 80) }))`. */
export const typeOf = (text: string): Convert => converter(parseExpression(text));

function converter(type: Expression): Convert {
  if (type.kind === "literal" && typeof type.value === "string") return typeOf(type.value);
  if (type.kind === "name") return PRIMITIVES[type.name] ?? collection(type.name, { kind: "name", name: "any" });
  const [of] = type.kind === "call" ? type.args : [];
  if (type.kind === "call" && of) return collection(type.name, of);
  throw new SyntaxFault(
    "A type must be string, number, bool, any, list(…), set(…), map(…), object({…}) or tuple([…]).",
  );
}

function collection(name: string, of: Expression): Convert {
  if (name === "object" && of.kind === "object") return objectType(of.entries);
  if (name === "tuple" && of.kind === "tuple") return tupleType(of.items.map(converter));
  const convert = converter(of);
  const elements = (value: Result, evaluate: (expression: Expression) => Result): readonly Result[] =>
    common(toList(value).map((each) => convert(each, evaluate)));
  if (name === "list") return (value, evaluate) => (value === null ? null : [...elements(value, evaluate)]);
  if (name === "set") return (value, evaluate) => (value === null ? null : setOf(elements(value, evaluate)));
  if (name === "map") {
    return (value, evaluate) => (value === null ? null : mapFields(value, (each) => convert(each, evaluate)));
  }
  throw new SyntaxFault(`The type ${name} does not exist.`);
}

const mapFields = (value: Result, map: (value: Result) => Result): Fields =>
  Object.fromEntries(entriesOf(toFields(value)).map(([name, each]) => [name, map(each)]));

const tupleType =
  (types: readonly Convert[]): Convert =>
  (value, evaluate) =>
    value === null ? null : types.map((convert, index) => convert(toList(value)[index] ?? null, evaluate));

type Entries = readonly (readonly [key: Expression, type: Expression])[];

/** Attributes that the type does not name are removed. */
function objectType(entries: Entries): Convert {
  const attributes = entries.map(([key, type]) => ({ name: String(key.kind === "literal" && key.value), type }));
  return (value, evaluate) => {
    if (value === null) return null;
    if (isList(value) || !(isFields(value) || value instanceof Reference)) {
      throw new EvaluationFault(`An object is required, but the value is ${typeName(value)}.`);
    }
    const fields = toFields(value);
    return Object.fromEntries(
      attributes.map(({ name, type }) => {
        const own = Object.hasOwn(fields, name) ? (fields[name] as Result) : undefined;
        return [name, attributeOf(own, { name, type, evaluate })];
      }),
    );
  };
}

interface Attribute {
  readonly name: string;
  readonly type: Expression;
  readonly evaluate: (expression: Expression) => Result;
}

/** A null is replaced by the default, too. */
function attributeOf(own: Result | undefined, { name, type, evaluate }: Attribute): Result {
  const { isOptional, of, fallback } = optional(type);
  if (own === undefined && !isOptional) throw new EvaluationFault(`The attribute "${name}" is required.`);
  const present = own ?? (fallback ? evaluate(fallback) : null);
  return converter(of)(present, evaluate);
}

/** `optional(type)` or `optional(type, default)`. */
function optional(type: Expression): { isOptional: boolean; of: Expression; fallback: Expression | undefined } {
  const [of, fallback] = type.kind === "call" && type.name === "optional" ? type.args : [];
  return { isOptional: of !== undefined, of: of ?? type, fallback };
}

/** Converts each value to a primitive type, or all values to a type that they have in common. */
export function convertAll(
  values: readonly Result[],
  type: "string" | "number" | "bool" | "common",
): readonly Result[] {
  if (type === "common") return common(values);
  const convert = PRIMITIVES[type] as Convert;
  return values.map((value) => convert(value, () => null));
}

/** The elements of a list or a map have one type: numbers and bools next to strings become strings. */
function common(values: readonly Result[]): readonly Result[] {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (types.size <= 1 || types.has("object")) return values;
  return values.map((value) => (value === null ? null : toText(value)));
}
