import { list, record } from "./document.ts";
import { matchesGlob } from "./glob.ts";

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

/** Each of the six parts on its own; the last one may hold colons. */
const likeArn: Test = (actual, wanted) => {
  const [parts, patterns] = [partsOf(actual), partsOf(wanted)];
  return parts.length === patterns.length && parts.every((part, index) => matchesGlob(patterns[index] as string, part));
};

const partsOf = (arn: string): readonly string[] =>
  /^(.*?):(.*?):(.*?):(.*?):(.*?):(.*)$/s.exec(arn)?.slice(1) ?? [arn];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated: boolean }>> = {
  StringEquals: { test: equals, negated: false },
  StringNotEquals: { test: equals, negated: true },
  StringEqualsIgnoreCase: { test: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { test: equalsIgnoringCase, negated: true },
  StringLike: { test: like, negated: false },
  StringNotLike: { test: like, negated: true },
  ArnEquals: { test: likeArn, negated: false },
  ArnLike: { test: likeArn, negated: false },
  ArnNotEquals: { test: likeArn, negated: true },
  ArnNotLike: { test: likeArn, negated: true },
  Bool: { test: equalsIgnoringCase, negated: false },
};

/** The keys whose values the emulator knows of a request. */
const KEYS = [
  "dynamodb:LeadingKeys",
  "secretsmanager:SecretId",
  "secretsmanager:VersionId",
  "secretsmanager:VersionStage",
  "kms:ViaService",
  "aws:PrincipalAccount",
  "aws:RequestedRegion",
  "aws:SourceArn",
];

/** Of these a request has any number. */
const LISTS = ["dynamodb:leadingkeys"];

/** Throws at an operator or a key that could not be evaluated. */
export const readConditions = (condition: Readonly<Record<string, unknown>>): Condition[] =>
  Object.entries(condition).flatMap(([text, keys]) => {
    const operator = readOperator(text);
    return Object.entries(record(keys, `The ${text} of a Condition`)).map(([key, values]) => ({
      ...operator,
      key: readKey(key, operator),
      values: list(values).map((value) => readValue(value, key)),
    }));
  });

function readOperator(text: string): Pick<Condition, "operator" | "quantifier" | "ifExists"> {
  const [, quantifier, operator = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  if (!Object.hasOwn(OPERATORS, operator)) throw unknown("operator", text, Object.keys(OPERATORS));
  return { operator, quantifier: quantifier as Condition["quantifier"], ifExists: suffix !== undefined };
}

/**
 * Keys are the same in any case. A key with a list of values goes with a quantifier alone: one value would speak for all.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function readKey(key: string, { operator, quantifier }: Pick<Condition, "operator" | "quantifier">): string {
  const lowered = key.toLowerCase();
  if (!KEYS.some((known) => known.toLowerCase() === lowered)) throw unknown("key", key, KEYS);
  if (quantifier || !LISTS.includes(lowered)) return lowered;
  throw new Error(`A condition on ${key}, which is a list, is of ForAllValues:${operator} or ForAnyValue:${operator}.`);
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
