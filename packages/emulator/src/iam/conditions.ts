import { type Comparison, type Operator, VALUE_OPERATORS } from "./comparisons.ts";
import { list, record } from "./document.ts";
import {
  type Context,
  hasInvalidVariable,
  literalOf,
  matchesArn,
  matchesGlob,
  resolve,
  variablesIn,
  withoutVariables,
} from "./patterns.ts";

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

const like: Comparison = (actual, expected) => matchesGlob(expected, actual);
const likeArn: Comparison = (actual, expected) => matchesArn(expected, actual);
const equals: Comparison = (actual, expected) => actual === literalOf(expected);
const equalsIgnoringCase: Comparison = (actual, expected) => equals(actual.toLowerCase(), expected.toLowerCase());

/** The operators whose values can contain variables. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const PATTERN_OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: equals, negated: false },
  StringNotEquals: { compare: equals, negated: true },
  StringEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: true },
  StringLike: { compare: like, negated: false },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: likeArn, negated: false },
  ArnLike: { compare: likeArn, negated: false },
  ArnNotEquals: { compare: likeArn, negated: true },
  ArnNotLike: { compare: likeArn, negated: true },
};

const OPERATORS: Readonly<Record<string, Operator>> = { ...PATTERN_OPERATORS, ...VALUE_OPERATORS };

/** The condition keys that the emulator sets for requests. Trap: a role has no `aws:username`, as in AWS. */
const SUPPORTED_KEYS = [
  "dynamodb:LeadingKeys",
  "dynamodb:Select",
  "secretsmanager:SecretId",
  "secretsmanager:VersionId",
  "secretsmanager:VersionStage",
  "events:detail-type",
  "events:source",
  "kms:ViaService",
  "lambda:FunctionArn",
  "lambda:FunctionUrlAuthType",
  "lambda:InvokedViaFunctionUrl",
  "aws:PrincipalAccount",
  "aws:RequestedRegion",
  "aws:SourceArn",
  "aws:SourceAccount",
  "aws:SecureTransport",
  "aws:CurrentTime",
  "aws:EpochTime",
  "aws:username",
];

/** The supported keys that can have several values. */
const MULTIVALUED_KEYS = ["dynamodb:leadingkeys"];

/**
 * Reads the `Condition` element of a statement. Throws if the emulator cannot evaluate an operator, a key or a value.
 * `hasVariables` is whether the version of the policy has variables.
 */
export const readConditions = (condition: Readonly<Record<string, unknown>>, hasVariables = true): Condition[] =>
  Object.entries(condition).flatMap(([text, keys]) => {
    const operator = readOperator(text);
    return Object.entries(record(keys, `The ${text} of a Condition`)).map(([key, values]) => ({
      ...operator,
      key: readKey(key, operator),
      values: list(values).map((value) => readValue(value, { key, ...operator, hasVariables })),
    }));
  });

function readValue(
  value: unknown,
  { key, operator, hasVariables }: Pick<Condition, "key" | "operator"> & { readonly hasVariables: boolean },
): string {
  const what = `value of ${key}`;
  if (typeof value === "object") throw unsupported(what, `${value}`, ["strings, numbers and booleans"]);
  const text = String(value);
  const patternOperators = Object.keys(PATTERN_OPERATORS);
  if (patternOperators.includes(operator)) return readPattern(text, hasVariables);
  if (!text.includes("${")) return text;
  throw unsupported(what, text, [`policy variables only with ${patternOperators.join(", ")}`]);
}

function readOperator(text: string): Pick<Condition, "operator" | "setOperator" | "ifExists"> {
  if (text === "Null") return { operator: text, setOperator: undefined, ifExists: false };
  const [, setOperator, operator = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  if (!Object.hasOwn(OPERATORS, operator)) throw unsupported("operator", text, [...Object.keys(OPERATORS), "Null"]);
  return { operator, setOperator: setOperator as Condition["setOperator"], ifExists: suffix !== undefined };
}

/**
 * Condition keys are not case-sensitive. A key with several values requires a set operator: without one, only the first
 * value would be compared.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function readKey(key: string, { operator, setOperator }: Pick<Condition, "operator" | "setOperator">): string {
  const lowered = key.toLowerCase();
  if (!isSupported(key)) throw unsupported("key", key, SUPPORTED_KEYS);
  if (setOperator || operator === "Null" || !MULTIVALUED_KEYS.includes(lowered)) return lowered;
  throw new Error(
    `The condition key ${key} has several values, but the operator ${operator} compares one. Use ForAllValues:${operator} or ForAnyValue:${operator}.`,
  );
}

const isSupported = (key: string): boolean => SUPPORTED_KEYS.some((known) => known.toLowerCase() === key.toLowerCase());

/** A pattern that can contain variables. Throws if it has a variable that the emulator does not set. */
export function readPattern(text: string, hasVariables: boolean): string {
  if (!hasVariables) return withoutVariables(text);
  const single = SUPPORTED_KEYS.filter((key) => !MULTIVALUED_KEYS.includes(key.toLowerCase()));
  const unknown = variablesIn(text).find((key) => !isSupported(key) || MULTIVALUED_KEYS.includes(key.toLowerCase()));
  if (unknown === undefined && !hasInvalidVariable(text)) return text;
  throw new Error(
    `The emulator cannot evaluate the policy variable in "${text}". It supports ${single.map((key) => `\${${key}}`).join(", ")}, such as "\${aws:username}" or "\${aws:username, 'default'}". Or write the value itself.`,
  );
}

const unsupported = (what: string, text: string, known: readonly string[]): Error =>
  new Error(`The emulator cannot evaluate the condition ${what} "${text}". It supports ${known.join(", ")}.`);

/**
 * Whether a request satisfies a condition. Traps: ForAllValues holds for a request without the key, and a value that is an
 * empty string counts as none for Null and for the set operators.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function holds({ operator, setOperator, ifExists, key, values }: Condition, context: Context): boolean {
  const actual = context[key] ?? [];
  const isNull = actual.every((each) => each === "");
  if (operator === "Null") return values.includes(String(isNull));
  if (actual.length === 0 && ifExists) return true;
  const { compare, negated } = OPERATORS[operator] as Operator;
  const expected = values.map((value) => resolve(value, context)).filter((value) => value !== undefined);
  const fits = (each: string) => expected.some((value) => compare(each, value)) !== negated;
  if (setOperator === "ForAllValues") return isNull || actual.every(fits);
  if (setOperator === "ForAnyValue") return !isNull && actual.some(fits);
  const [first] = actual;
  return first === undefined ? negated : fits(first);
}
