import type { Call, Expression, ForExpression } from "./expression.ts";
import { functions } from "./functions.ts";
import type { OnRead } from "./source.ts";
import {
  EvaluationFault,
  entriesOf,
  equal,
  type Fields,
  isFields,
  isList,
  isSet,
  numberText,
  Reference,
  type Result,
  toBool,
  toFields,
  toList,
  toNumber,
  toText,
  typeName,
  Unresolvable,
} from "./values.ts";

/** Where an expression is evaluated. */
export interface Scope {
  /** Returns the value of the first name of a reference, such as `var` or a resource type. Throws if there is none. */
  lookup(name: string): Result;
  /** The folder of relative paths. */
  readonly folder: string;
  readonly onRead: OnRead;
  /** Evaluates the content of a template file with these variables. */
  readonly template: (text: string, variables: Fields) => Result;
}

type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

const EVALUATORS: { readonly [Kind in Expression["kind"]]: (expression: Of<Kind>, scope: Scope) => Result } = {
  literal: ({ value }) => value,
  template: ({ parts }, scope) => parts.map((part) => toText(evaluate(part, scope))).join(""),
  name: ({ name }, scope) => scope.lookup(name),
  element: (_, scope) => scope.lookup(ELEMENT),
  index: ({ object, key }, scope) => indexed(evaluate(object, scope), evaluate(key, scope)),
  splat: ({ object, each }, scope) => {
    const value = evaluate(object, scope);
    const items = isList(value) ? value : value === null ? [] : [value];
    return items.map((item) => evaluate(each, within(scope, { [ELEMENT]: item })));
  },
  call: (expression, scope) => call(expression, scope),
  unary: ({ operator, operand }, scope) => {
    const value = evaluate(operand, scope);
    return operator === "!" ? !toBool(value) : -toNumber(value);
  },
  binary: ({ operator, left, right }, scope) => {
    const operate = OPERATORS[operator] as Operate;
    return operate(evaluate(left, scope), () => evaluate(right, scope));
  },
  conditional: (expression, scope) => conditional(expression, scope),
  tuple: ({ items }, scope) => items.map((item) => evaluate(item, scope)),
  object: ({ entries }, scope) =>
    Object.fromEntries(entries.map(([key, value]) => [toText(evaluate(key, scope)), evaluate(value, scope)])),
  for: (expression, scope) => forEach(expression, scope),
};

/** The name of a splat's current element. It is not an identifier, so nothing else has it. */
const ELEMENT = "*";

export const evaluate = (expression: Expression, scope: Scope): Result =>
  (EVALUATORS[expression.kind] as (expression: Expression, scope: Scope) => Result)(expression, scope);

/** A scope with additional names. */
export const within = (scope: Scope, names: Fields): Scope => ({
  ...scope,
  lookup: (name) => (Object.hasOwn(names, name) ? (names[name] as Result) : scope.lookup(name)),
});

type Operate = (left: Result, right: () => Result) => Result;

const arithmetic =
  (operate: (left: number, right: number) => number | boolean): Operate =>
  (left, right) =>
    operate(toNumber(left), toNumber(right()));

const OPERATORS: Readonly<Record<string, Operate>> = {
  "||": (left, right) => toBool(left) || toBool(right()),
  "&&": (left, right) => toBool(left) && toBool(right()),
  "==": (left, right) => equal(left, right()),
  "!=": (left, right) => !equal(left, right()),
  ">=": arithmetic((left, right) => left >= right),
  "<=": arithmetic((left, right) => left <= right),
  ">": arithmetic((left, right) => left > right),
  "<": arithmetic((left, right) => left < right),
  "+": arithmetic((left, right) => decimal(left + right)),
  "-": arithmetic((left, right) => decimal(left - right)),
  "*": arithmetic((left, right) => decimal(left * right)),
  "/": arithmetic((left, right) => {
    if (right === 0) throw new EvaluationFault("A number is divided by zero.");
    return left / right;
  }),
  "%": arithmetic((left, right) => left % right),
};

/** Terraform calculates with decimal numbers: 0.1 + 0.2 is 0.3. */
const decimal = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(15)));

/** Both results have one type: `condition ? 1 : "a"` is a string. The other branch may fail. */
function conditional({ condition, whenTrue, whenFalse }: Of<"conditional">, scope: Scope): Result {
  const holds = toBool(evaluate(condition, scope));
  const value = evaluate(holds ? whenTrue : whenFalse, scope);
  if (typeof value !== "number" && typeof value !== "boolean") return value;
  try {
    const other = evaluate(holds ? whenFalse : whenTrue, scope);
    return typeof other === "string" ? toText(value) : value;
  } catch {
    return value;
  }
}

/** Returns an element of a list, or an attribute. */
export function indexed(object: Result, key: Result): Result {
  if (object instanceof Reference) return object.get(toText(key));
  if (isList(object)) return elementOf(object, key);
  if (!isFields(object)) {
    throw new EvaluationFault(`The value is ${typeName(object)}, which has no element or attribute "${toText(key)}".`);
  }
  const name = toText(key);
  if (Object.hasOwn(object, name)) return object[name] as Result;
  const known = Object.keys(object).join(", ") || "none";
  throw new EvaluationFault(`The object has no attribute "${name}". Its attributes are: ${known}.`);
}

/** Terraform reads an attribute of the only block of a list, too, if the type of the block allows only one. */
function elementOf(list: readonly Result[], key: Result): Result {
  if (isSet(list)) throw new EvaluationFault("The value is a set, whose elements have no index. Use tolist.");
  const index = toNumber(key);
  if (Number.isInteger(index) && index >= 0 && index < list.length) return list[index] as Result;
  throw new EvaluationFault(`The list has ${list.length} elements, and no index ${numberText(index)}.`);
}

export interface Item {
  readonly key: Result;
  readonly value: Result;
}

export function itemsOf(collection: Result): Item[] {
  if (isSet(collection)) return toList(collection).map((value) => ({ key: value, value }));
  if (isList(collection)) return collection.map((value, key) => ({ key, value }));
  return entriesOf(toFields(collection)).map(([key, value]) => ({ key, value }));
}

function forEach(expression: ForExpression, outer: Scope): Result {
  const { keyName, valueName, condition, key, value, groups } = expression;
  const scopes = itemsOf(evaluate(expression.collection, outer)).map((item) =>
    within(outer, { ...(keyName !== undefined && { [keyName]: item.key }), [valueName]: item.value }),
  );
  const selected = scopes.filter((scope) => condition === undefined || toBool(evaluate(condition, scope)));
  if (key === undefined) return selected.map((scope) => evaluate(value, scope));
  const entries = selected.map((scope) => [toText(evaluate(key, scope)), evaluate(value, scope)] as const);
  return groups ? grouped(entries) : unique(entries);
}

function grouped(entries: readonly (readonly [string, Result])[]): Result {
  const groups = new Map<string, Result[]>();
  for (const [key, value] of entries) groups.set(key, [...(groups.get(key) ?? []), value]);
  return Object.fromEntries(groups);
}

function unique(entries: readonly (readonly [string, Result])[]): Result {
  const result = Object.fromEntries(entries);
  if (Object.keys(result).length === entries.length) return result;
  throw new EvaluationFault("Two elements of the for expression have the same key. Write ... after the value.");
}

/** `try` and `can` evaluate their arguments themselves, because these may fail. */
function call(expression: Call, scope: Scope): Result {
  const { name, args, expands } = expression;
  if (name === "try") return firstOf(args, scope);
  if (name === "can") return isEvaluable(args, scope);
  const apply = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!apply) {
    throw new Unresolvable(`The emulator does not support the function ${name}.`);
  }
  const values = args.map((each) => evaluate(each, scope));
  const expanded = expands ? [...values.slice(0, -1), ...toList(values.at(-1) ?? null)] : values;
  try {
    return apply(expanded, scope);
  } catch (fault) {
    if (!(fault instanceof EvaluationFault)) throw fault;
    throw new EvaluationFault(`The function ${name} fails: ${fault.message}`);
  }
}

function firstOf(args: readonly Expression[], scope: Scope): Result {
  for (const arg of args) {
    try {
      return evaluate(arg, scope);
    } catch (fault) {
      if (!(fault instanceof EvaluationFault)) throw fault;
    }
  }
  throw new EvaluationFault("All arguments of the function try fail.");
}

function isEvaluable([arg]: readonly Expression[], scope: Scope): boolean {
  if (!arg) throw new EvaluationFault("The function can requires one argument.");
  try {
    evaluate(arg, scope);
    return true;
  } catch (fault) {
    if (fault instanceof EvaluationFault) return false;
    throw fault;
  }
}
