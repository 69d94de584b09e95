import { matchesGlob } from "./glob.ts";
import { list } from "./policy.ts";

/** One key of a `Condition`. Plain data: threads hand it to each other. */
export interface Condition {
  readonly operator: string;
  /** Whether all, or any, of a request's values must hold; a request has one value of any other key. */
  readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
  /** Holds where the request has no such key. */
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

/** Values of condition keys, by key in lower case. */
export type Context = Readonly<Record<string, readonly string[]>>;

type Test = (actual: string, wanted: string) => boolean;

const equals: Test = (actual, wanted) => actual === wanted;
const equalsIgnoringCase: Test = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase();
const like: Test = (actual, wanted) => matchesGlob(wanted, actual);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated: boolean }>> = {
  StringEquals: { test: equals, negated: false },
  StringNotEquals: { test: equals, negated: true },
  StringEqualsIgnoreCase: { test: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { test: equalsIgnoringCase, negated: true },
  StringLike: { test: like, negated: false },
  StringNotLike: { test: like, negated: true },
  ArnEquals: { test: like, negated: false },
  ArnLike: { test: like, negated: false },
  ArnNotEquals: { test: like, negated: true },
  ArnNotLike: { test: like, negated: true },
  Bool: { test: equalsIgnoringCase, negated: false },
};

/** The keys whose values the emulator knows of a request. */
const KEYS = ["dynamodb:LeadingKeys", "aws:PrincipalAccount", "aws:RequestedRegion"];

/** Throws at an operator or a key that could not be evaluated. */
export const readConditions = (condition: Readonly<Record<string, unknown>>): Condition[] =>
  Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys as object).map(([key, values]) => ({
      ...readOperator(operator),
      key: readKey(key),
      values: list(values).map((value) => readValue(value, key)),
    })),
  );

function readOperator(text: string): Pick<Condition, "operator" | "quantifier" | "ifExists"> {
  const [, quantifier, operator = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  if (!Object.hasOwn(OPERATORS, operator)) throw unknown("operator", text, Object.keys(OPERATORS));
  return { operator, quantifier: quantifier as Condition["quantifier"], ifExists: suffix !== undefined };
}

/** Keys are told apart whatever their case. */
function readKey(key: string): string {
  if (KEYS.some((known) => known.toLowerCase() === key.toLowerCase())) return key.toLowerCase();
  throw unknown("key", key, KEYS);
}

function readValue(value: unknown, key: string): string {
  if (typeof value === "object" || String(value).includes("${"))
    throw unknown(`value of ${key}`, `${value}`, ["texts"]);
  return String(value);
}

const unknown = (what: string, text: string, known: readonly string[]): Error =>
  new Error(`The emulator cannot evaluate the condition ${what} "${text}". It knows ${known.join(", ")}.`);

/**
 * Whether a request fulfils a condition. Trap: ForAllValues holds for a request without the key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function holds({ operator, quantifier, ifExists, key, values }: Condition, context: Context): boolean {
  const { test, negated } = OPERATORS[operator] as { test: Test; negated: boolean };
  const actual = context[key] ?? [];
  const fits = (each: string) => values.some((wanted) => test(each, wanted)) !== negated;
  if (quantifier === "ForAllValues") return actual.every(fits);
  if (actual.length === 0) return ifExists || (negated && quantifier === undefined);
  return quantifier === "ForAnyValue" ? actual.some(fits) : fits(actual[0] as string);
}
