import { list, record } from "./document.ts";

/**
 * Whether a text matches an IAM pattern: `*` matches any text, including slashes and colons, and `?` matches any character.
 * It backtracks only to the last `*`, so that a pattern with many of them is fast on a long text. A regular expression is not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let resumeAt = 0;
  while (inText < text.length) {
    const expected = pattern[inPattern];
    if (expected === "*") {
      star = inPattern++;
      resumeAt = inText;
    } else if (expected === "?" || expected === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (star >= 0) {
      inPattern = star + 1;
      inText = ++resumeAt;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

/** An operator and a key of a `Condition` element. It is plain data, so that it can be sent to a thread. */
export interface Condition {
  readonly operator: string;
  /** For keys with several values: whether all values of the request must match, or at least one. */
  readonly setOperator: "ForAllValues" | "ForAnyValue" | undefined;
  /** Whether the condition also holds if the request does not have the key. */
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

/** The values of a request's condition keys. Keys are in lower case. */
export type Context = Readonly<Record<string, readonly string[]>>;

type Test = (actual: string, expected: string) => boolean;

const equals: Test = (actual, expected) => actual === expected;
const equalsIgnoringCase: Test = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const like: Test = (actual, expected) => matchesGlob(expected, actual);

/** Compares the six parts of an ARN one by one. The last part can contain colons. */
const likeArn: Test = (actual, expected) => {
  const [parts, patterns] = [partsOf(actual), partsOf(expected)];
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

/** The condition keys that the emulator sets for requests. */
const SUPPORTED_KEYS = [
  "dynamodb:LeadingKeys",
  "secretsmanager:SecretId",
  "secretsmanager:VersionId",
  "secretsmanager:VersionStage",
  "kms:ViaService",
  "aws:PrincipalAccount",
  "aws:RequestedRegion",
  "aws:SourceArn",
];

/** The supported keys that can have several values. */
const MULTIVALUED_KEYS = ["dynamodb:leadingkeys"];

/** Throws if the emulator cannot evaluate an operator, a key or a value. */
export const readConditions = (condition: Readonly<Record<string, unknown>>): Condition[] =>
  Object.entries(condition).flatMap(([text, keys]) => {
    const operator = readOperator(text);
    return Object.entries(record(keys, `The ${text} of a Condition`)).map(([key, values]) => ({
      ...operator,
      key: readKey(key, operator),
      values: list(values).map((value) => readValue(value, key)),
    }));
  });

function readOperator(text: string): Pick<Condition, "operator" | "setOperator" | "ifExists"> {
  const [, setOperator, operator = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  if (!Object.hasOwn(OPERATORS, operator)) throw unsupported("operator", text, Object.keys(OPERATORS));
  return { operator, setOperator: setOperator as Condition["setOperator"], ifExists: suffix !== undefined };
}

/**
 * Condition keys are not case-sensitive. A key with several values requires a set operator: without one, only the first
 * value would be compared.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function readKey(key: string, { operator, setOperator }: Pick<Condition, "operator" | "setOperator">): string {
  const lowered = key.toLowerCase();
  if (!SUPPORTED_KEYS.some((known) => known.toLowerCase() === lowered)) throw unsupported("key", key, SUPPORTED_KEYS);
  if (setOperator || !MULTIVALUED_KEYS.includes(lowered)) return lowered;
  throw new Error(
    `The condition key ${key} has several values, but the operator ${operator} compares one. Use ForAllValues:${operator} or ForAnyValue:${operator}.`,
  );
}

function readValue(value: unknown, key: string): string {
  if (typeof value === "object" || String(value).includes("${"))
    throw unsupported(`value of ${key}`, `${value}`, ["strings without policy variables"]);
  return String(value);
}

const unsupported = (what: string, text: string, known: readonly string[]): Error =>
  new Error(`The emulator cannot evaluate the condition ${what} "${text}". It supports ${known.join(", ")}.`);

/**
 * Whether a request satisfies a condition. Trap: ForAllValues holds for a request without the key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function holds({ operator, setOperator, ifExists, key, values }: Condition, context: Context): boolean {
  const { test, negated } = OPERATORS[operator] as { test: Test; negated: boolean };
  const actual = context[key] ?? [];
  const fits = (each: string) => values.some((expected) => test(each, expected)) !== negated;
  if (setOperator === "ForAllValues") return actual.every(fits);
  if (actual.length === 0) return ifExists || (negated && setOperator === undefined);
  return setOperator === "ForAnyValue" ? actual.some(fits) : fits(actual[0] as string);
}
