import type { TerraformFunction } from "../terraform-function.ts";
import { EvaluationFault, type Result, toList, toNumber, toText } from "../values.ts";

/** Requires at least one number. */
const reduce =
  (combine: (one: number, other: number) => number): ((values: readonly Result[]) => number) =>
  (values) => {
    if (values.length === 0) throw new EvaluationFault("It requires at least 1 number.");
    return values.map(toNumber).reduce(combine);
  };

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

function parseWhole(text: string, base: number): number {
  const allowed = DIGITS.slice(0, base);
  const isValid =
    /^[+-]?\w+$/.test(text) && [...text.toLowerCase().replace(/^[+-]/, "")].every((c) => allowed.includes(c));
  if (isValid) return Number.parseInt(text, base);
  throw new EvaluationFault(`${JSON.stringify(text)} is not a whole number of base ${base}.`);
}

const add = (one: number, other: number): number => one + other;

/** https://developer.hashicorp.com/terraform/language/functions, "Numeric Functions" */
export const numberFunctions: Readonly<Record<string, TerraformFunction>> = {
  abs: ([value = null]) => Math.abs(toNumber(value)),
  ceil: ([value = null]) => Math.ceil(toNumber(value)),
  floor: ([value = null]) => Math.floor(toNumber(value)),
  log: ([value = null, base = null]) => Math.log(toNumber(value)) / Math.log(toNumber(base)),
  max: reduce((one, other) => Math.max(one, other)),
  min: reduce((one, other) => Math.min(one, other)),
  parseint: ([value = null, base = null]) => parseWhole(toText(value), toNumber(base)),
  pow: ([value = null, exponent = null]) => toNumber(value) ** toNumber(exponent),
  signum: ([value = null]) => Math.sign(toNumber(value)),
  sum: ([values = null]) => reduce(add)(toList(values)),
};
