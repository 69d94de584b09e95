import type { TerraformFunction } from "../terraform-function.ts";
import { convertAll } from "../type-constraints.ts";
import {
  compareText,
  EvaluationFault,
  entriesOf,
  equal,
  isFields,
  isList,
  Reference,
  type Result,
  toFields,
  toList,
  toNumber,
  toText,
  typeName,
} from "../values.ts";

const argument = (args: readonly Result[], index: number): Result => {
  const value = args[index];
  if (value === undefined) throw new EvaluationFault(`It requires at least ${index + 1} arguments.`);
  return value;
};

const list = (args: readonly Result[], index = 0): readonly Result[] => toList(argument(args, index));

const whole = (args: readonly Result[], index: number): number => {
  const number = toNumber(argument(args, index));
  if (Number.isInteger(number)) return number;
  throw new EvaluationFault(`A whole number is required, but the value is ${number}.`);
};

function lengthOf(value: Result): number {
  if (typeof value === "string") return [...value].length;
  if (isList(value)) return value.length;
  if (isFields(value) || value instanceof Reference) return Object.keys(toFields(value)).length;
  throw new EvaluationFault(`A string, list or map is required, but the value is ${typeName(value)}.`);
}

/** An index past the end begins again at the first element. */
function element(values: readonly Result[], index: number): Result {
  if (values.length === 0) throw new EvaluationFault("The list is empty.");
  return values[((index % values.length) + values.length) % values.length] as Result;
}

const flatten = (value: Result): Result[] => (isList(value) ? value.flatMap(flatten) : [value]);

const distinct = (values: readonly Result[]): Result[] =>
  values.filter((value, index) => values.findIndex((other) => equal(value, other)) === index);

function firstOf(values: readonly Result[], isUsable: (value: Result) => boolean, what: string): Result {
  const found = values.find(isUsable);
  if (found === undefined) throw new EvaluationFault(`All arguments are ${what}.`);
  return found;
}

function slice(values: readonly Result[], start: number, end: number): Result {
  if (start < 0 || end < start || end > values.length) {
    throw new EvaluationFault(`The list has ${values.length} elements, so it has no part from ${start} to ${end}.`);
  }
  return values.slice(start, end);
}

/** `range(limit)`, `range(start, limit)` or `range(start, limit, step)`. */
function range(args: readonly Result[]): number[] {
  const numbers = args.map(toNumber);
  const [start = 0, limit = 0] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const step = numbers[2] ?? (limit < start ? -1 : 1);
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((limit - start) / step));
  if (count > 1024) throw new EvaluationFault("The range has more than 1024 elements.");
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function indexIn(values: readonly Result[], value: Result): number {
  const index = values.findIndex((each) => equal(each, value));
  if (index < 0) throw new EvaluationFault("The list does not contain the value.");
  return index;
}

function zipmap(keys: readonly Result[], values: readonly Result[]): Result {
  if (keys.length !== values.length) {
    throw new EvaluationFault(`It has ${keys.length} keys and ${values.length} values. The numbers must be equal.`);
  }
  return Object.fromEntries(keys.map((key, index) => [toText(key), values[index] as Result]));
}

function one(values: readonly Result[]): Result {
  if (values.length > 1) throw new EvaluationFault(`The list has ${values.length} elements. At most 1 is allowed.`);
  return values[0] ?? null;
}

function lookup(args: readonly Result[]): Result {
  const map = argument(args, 0);
  const key = toText(argument(args, 1));
  if (map instanceof Reference) return map.names().includes(key) || args.length < 3 ? map.get(key) : argument(args, 2);
  const fields = toFields(map);
  if (Object.hasOwn(fields, key)) return fields[key] as Result;
  if (args.length < 3) throw new EvaluationFault(`The map has no key "${key}", and there is no default.`);
  return argument(args, 2);
}

function chunk(values: readonly Result[], size: number): Result {
  if (size < 1) throw new EvaluationFault(`The size of the chunks is ${size}. It must be at least 1.`);
  const starts = range([0, Math.ceil(values.length / size)]);
  return starts.map((index) => values.slice(index * size, (index + 1) * size));
}

function transpose(map: Result): Result {
  const result = new Map<string, Result[]>();
  for (const [key, values] of entriesOf(toFields(map))) {
    for (const value of toList(values)) result.set(toText(value), [...(result.get(toText(value)) ?? []), key]);
  }
  return Object.fromEntries(result);
}

/** https://developer.hashicorp.com/terraform/language/functions, "Collection Functions" */
export const collectionFunctions: Readonly<Record<string, TerraformFunction>> = {
  alltrue: (args) => list(args).every((value) => value === true || value === "true"),
  anytrue: (args) => list(args).some((value) => value === true || value === "true"),
  chunklist: (args) => chunk(list(args), whole(args, 1)),
  coalesce: (args) => firstOf(args, (value) => value !== null && value !== "", "null or empty"),
  coalescelist: (args) => firstOf(args, (value) => isList(value) && value.length > 0, "empty"),
  compact: (args) => list(args).filter((value) => value !== null && value !== ""),
  concat: (args) => args.flatMap((values) => toList(values)),
  contains: (args) => list(args).some((value) => equal(value, argument(args, 1))),
  distinct: (args) => distinct(list(args)),
  element: (args) => element(list(args), whole(args, 1)),
  flatten: (args) => flatten(list(args)),
  index: (args) => indexIn(list(args), argument(args, 1)),
  keys: (args) => entriesOf(toFields(argument(args, 0))).map(([key]) => key),
  length: (args) => lengthOf(argument(args, 0)),
  lookup,
  matchkeys: (args) =>
    list(args).filter((_, index) => list(args, 2).some((value) => equal(value, list(args, 1)[index] ?? null))),
  merge: (args) => Object.assign({}, ...args.filter((value) => value !== null).map(toFields)) as Result,
  one: (args) => one(list(args)),
  range,
  reverse: (args) => [...list(args)].reverse(),
  slice: (args) => slice(list(args), whole(args, 1), whole(args, 2)),
  sort: (args) => convertAll(list(args), "string").map(toText).sort(compareText),
  transpose: (args) => transpose(argument(args, 0)),
  values: (args) => entriesOf(toFields(argument(args, 0))).map(([, value]) => value),
  zipmap: (args) => zipmap(list(args), list(args, 1)),
  issensitive: () => false,
  nonsensitive: (args) => argument(args, 0),
  sensitive: (args) => argument(args, 0),
  tobool: (args) => convertAll([argument(args, 0)], "bool")[0] as Result,
  tolist: (args) => [...convertAll(list(args), "common")],
  tonumber: (args) => convertAll([argument(args, 0)], "number")[0] as Result,
  tostring: (args) => convertAll([argument(args, 0)], "string")[0] as Result,
  tomap(args) {
    const entries = entriesOf(toFields(argument(args, 0)));
    return zipmap(
      entries.map(([key]) => key),
      convertAll(
        entries.map(([, value]) => value),
        "common",
      ),
    );
  },
};
