import { type Call, isRecord, type Problem, type Report, shown } from "./call.ts";
import { type ServiceModel, type Shape, shapeOf } from "./model.ts";
import { patternOf } from "./patterns.ts";
import { join } from "./wire.ts";

/** Members with a pattern that values were compared with, as `lambda FunctionName`. */
export type Patterned = Set<string>;

interface Check {
  readonly model: ServiceModel;
  readonly report: Report;
  readonly patterned: Patterned;
}

interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly value: unknown;
  readonly path: string;
}

/** Checks a call's parameters against the service's model: types, required members, lengths, ranges, enums and patterns. */
export function shapeProblems({ model, operation, parameters }: Call, patterned: Patterned = new Set()): Problem[] {
  const input = model.operations[operation]?.input?.shape;
  if (input === undefined) return [];
  const problems: Problem[] = [];
  check(
    { model, patterned, report: (problem) => problems.push(problem) },
    valueAt(model, input, { value: parameters, path: "" }),
  );
  return problems;
}

const valueAt = (model: ServiceModel, name: string, of: { value: unknown; path: string }): Value => ({
  name,
  shape: shapeOf(model, name),
  ...of,
});

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  structure: isRecord,
  map: isRecord,
  list: Array.isArray,
  string: isText,
  character: isText,
  blob: isText,
  boolean: (value) => typeof value === "boolean",
  integer: Number.isInteger,
  long: Number.isInteger,
  float: isNumber,
  double: isNumber,
  // Epoch seconds, or a date of ISO 8601.
  timestamp: (value) => isNumber(value) || (isText(value) && !Number.isNaN(Date.parse(value))),
};

const CHECKS: Readonly<Record<string, (check: Check, value: Value) => void>> = {
  structure: checkStructure,
  map: checkMap,
  list: checkList,
  string: checkString,
  integer: checkNumber,
  long: checkNumber,
  float: checkNumber,
  double: checkNumber,
};

function check(checks: Check, value: Value): void {
  const { shape } = value;
  if (shape.document) return;
  const fits = TYPES[shape.type];
  if (!fits)
    throw new Error(`${checks.model.source} ${value.name} has the type "${shape.type}", which cannot be checked.`);
  if (fits(value.value)) CHECKS[shape.type]?.(checks, value);
  else complain(checks, value, `is ${shown(value.value)}; AWS accepts a value of the type ${shape.type}`);
}

function complain({ model, report }: Check, { path, name }: Value, problem: string): void {
  report({ member: path, problem, rule: `${model.source} ${name}` });
}

function checkStructure(checks: Check, of: Value): void {
  const { members = {}, required = [], union } = of.shape;
  const value = of.value as Readonly<Record<string, unknown>>;
  for (const name of required) {
    if (value[name] === undefined && !members[name]?.idempotencyToken) {
      complain(checks, { ...of, path: join(of.path, name) }, "is missing; AWS requires it");
    }
  }
  const count = Object.keys(value).length;
  if (union && count !== 1)
    complain(checks, of, `has ${count} members; AWS accepts exactly one of ${Object.keys(members).join(", ")}`);
  for (const [name, each] of Object.entries(value)) {
    const { shape } = members[name] ?? {};
    if (shape) check(checks, valueAt(checks.model, shape, { value: each, path: join(of.path, name) }));
  }
}

function checkMap(checks: Check, of: Value): void {
  const { key, value } = of.shape;
  const entries = Object.entries(of.value as object);
  checkSize(checks, of, { size: entries.length, unit: "entries" });
  for (const [name, each] of entries) {
    const path = join(of.path, name);
    if (key) check(checks, valueAt(checks.model, key.shape, { value: name, path }));
    if (value) check(checks, valueAt(checks.model, value.shape, { value: each, path }));
  }
}

function checkList(checks: Check, of: Value): void {
  const list = of.value as readonly unknown[];
  checkSize(checks, of, { size: list.length, unit: "elements" });
  const { member } = of.shape;
  if (!member) return;
  for (const [index, value] of list.entries()) {
    check(checks, valueAt(checks.model, member.shape, { value, path: `${of.path}[${index}]` }));
  }
}

function checkNumber(checks: Check, of: Value): void {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = of.shape;
  const value = of.value as number;
  if (value < min || value > max) complain(checks, of, `is ${value}; AWS accepts ${rangeOf(of.shape)}`);
}

function checkString(checks: Check, of: Value): void {
  const text = of.value as string;
  const { enum: allowed, pattern } = of.shape;
  checkSize(checks, { ...of, shape: withDocumentedLength(of.shape) }, { size: [...text].length, unit: "characters" });
  if (allowed && !allowed.includes(text)) complain(checks, of, `is ${shown(text)}; AWS accepts ${allowed.join(", ")}`);
  if (pattern === undefined) return;
  checks.patterned.add(`${checks.model.service} ${of.path.replaceAll(/\[\d+\]/g, "[]")}`);
  if (patternOf(pattern)?.test(text) === false)
    complain(checks, of, `is ${shown(text)}; AWS accepts what matches ${pattern}`);
}

/** API Gateway's models state the lengths of texts in their documentation alone. */
const DOCUMENTED_LENGTH = /length between \[(\d+)-(\d+)\]/;

function withDocumentedLength(shape: Shape): Shape {
  const [, min, max] = DOCUMENTED_LENGTH.exec(shape.documentation ?? "") ?? [];
  return max === undefined ? shape : { ...shape, min: Number(min), max: Number(max) };
}

function checkSize(checks: Check, of: Value, { size, unit }: { readonly size: number; readonly unit: string }): void {
  const { min = 0, max = Number.POSITIVE_INFINITY } = of.shape;
  if (size < min || size > max)
    complain(checks, of, `has ${size} ${unit}; AWS accepts ${rangeOf(of.shape)}: ${shown(of.value)}`);
}

function rangeOf({ min, max }: Shape): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}
