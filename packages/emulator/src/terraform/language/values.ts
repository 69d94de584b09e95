import type { Value } from "../configuration.ts";

/** A value of the Terraform language. Lists, tuples and sets are arrays; maps and objects are objects. */
export type Result =
  | string
  | number
  | boolean
  | null
  | readonly Result[]
  | { readonly [name: string]: Result }
  | Reference;

/** An object whose attributes are evaluated when they are read, such as a resource or a module. */
export abstract class Reference {
  /** For error messages, such as `aws_iam_role.connect`. */
  abstract readonly label: string;
  abstract names(): readonly string[];
  /** Throws an `Unresolvable` if the attribute has no value before an apply. */
  abstract get(name: string): Result;
}

/** An expression is invalid, or a function fails. `try` and `can` catch it. */
export class EvaluationFault extends Error {
  /** What the user can do. */
  readonly remedy: string = "Correct the expression.";
  /** Whether the message already names the expression and its place. */
  readonly isLocated: boolean;

  constructor(message: string, isLocated = false) {
    super(message);
    this.isLocated = isLocated;
  }
}

/** The emulator does not know the value, although Terraform may know it. `try` and `can` do not catch it. */
export class Unresolvable extends Error {
  readonly remedy: string;
  readonly isLocated: boolean;

  constructor(message: string, { remedy = "Write the value itself.", isLocated = false } = {}) {
    super(message);
    this.remedy = remedy;
    this.isLocated = isLocated;
  }
}

/** The value depends on a module that cannot be read, which is reported already. */
export class Consequence extends Unresolvable {
  constructor() {
    super("", { isLocated: true });
  }
}

/** Several expressions in one value cannot be resolved. */
export class UnresolvableValue extends Unresolvable {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join(" "), { isLocated: true });
    this.reasons = reasons;
  }
}

const SET = Symbol("set");

/** Sets have no duplicates. Terraform orders sets of strings and of numbers. */
export function setOf(values: readonly Result[]): readonly Result[] {
  const byText = new Map(values.map((value) => [canonical(value), value]));
  const compare = ([one, value]: [string, Result], [other, second]: [string, Result]): number =>
    typeof value === "number" && typeof second === "number" ? value - second : compareText(one, other);
  const sorted = [...byText].sort(compare).map(([, value]) => value);
  return Object.defineProperty(sorted, SET, { value: true });
}

export const isSet = (value: Result): boolean => Array.isArray(value) && SET in value;

export const isList = (value: Result): value is readonly Result[] => Array.isArray(value);

export type Fields = { readonly [name: string]: Result };

export const isFields = (value: Result): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Reference);

/** The order of Terraform: by bytes in UTF-8, not by UTF-16 units. */
export const compareText = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Terraform orders maps by their keys. */
export const entriesOf = (fields: Fields): [string, Result][] =>
  Object.entries(fields).sort(([one], [other]) => compareText(one, other));

/** The name of a type, for error messages. */
export function typeName(value: Result): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return { boolean: "a bool", number: "a number", string: "a string" }[typeof value as "boolean" | "number" | "string"];
}

/** Reads all attributes of references. Throws if one of them has no value. */
export function plain(value: Result): Value {
  if (value instanceof Reference) {
    return Object.fromEntries(value.names().map((name) => [name, plain(value.get(name))]));
  }
  if (isList(value)) return value.map(plain);
  if (isFields(value)) return Object.fromEntries(entriesOf(value).map(([name, each]) => [name, plain(each)]));
  return value;
}

const canonical = (value: Result): string => (typeof value === "string" ? value : JSON.stringify(plain(value)));

export function equal(one: Result, other: Result): boolean {
  if (typeof one !== typeof other) return false;
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

/** The decimal digits of a number, without an exponent. */
export const numberText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) >= 1e21 ? BigInt(value).toString() : String(value);

/** Converts to a string as Terraform does. Throws for null, lists and objects. */
export function toText(value: Result): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return String(value);
  throw new EvaluationFault(`A string is required, but the value is ${typeName(value)}.`);
}

export function toNumber(value: Result): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return Number(value);
  throw new EvaluationFault(`A number is required, but the value is ${shownValue(value)}.`);
}

export function toBool(value: Result): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new EvaluationFault(`A bool is required, but the value is ${shownValue(value)}.`);
}

export function toList(value: Result): readonly Result[] {
  if (isList(value)) return value;
  throw new EvaluationFault(`A list is required, but the value is ${typeName(value)}.`);
}

export function toFields(value: Result): Fields {
  if (value instanceof Reference) {
    return Object.fromEntries(value.names().map((name) => [name, value.get(name)]));
  }
  if (isFields(value)) return value;
  throw new EvaluationFault(`A map is required, but the value is ${typeName(value)}.`);
}

const shownValue = (value: Result): string => (typeof value === "string" ? JSON.stringify(value) : typeName(value));
