import { operatorNamed } from "./operators.ts";
import { actionLike, parse, type RequestContext, resourceLike, valuesOf } from "./patterns.ts";

/**
 * A second evaluator of identity-based policies, written from the documentation of AWS alone. It shares no code with the
 * evaluator of the emulator: a mistake in one of them shows as a difference between the two.
 */
type OneOrMany<Value> = Value | readonly Value[];

export interface StatementDocument {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>>;
}

export interface PolicyDocument {
  readonly Version?: "2012-10-17" | "2008-10-17";
  readonly Statement: OneOrMany<StatementDocument>;
}

export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/** "The brackets are optional": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
const listed = <Value>(value: OneOrMany<Value> | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Value];

/**
 * NotAction "explicitly matches everything except the specified list of actions".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
 */
function actionApplies({ Action, NotAction }: StatementDocument, { action }: Request): boolean {
  if (NotAction !== undefined) return !listed(NotAction).some((pattern) => actionLike(pattern, action));
  return listed(Action).some((pattern) => actionLike(pattern, action));
}

/**
 * In Resource and NotResource, "the resource that includes a policy variable with no value will not match any resource".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
 */
function resourceApplies(
  { Resource, NotResource }: StatementDocument,
  { resource }: Request,
  variables: RequestContext | undefined,
): boolean {
  const matches = (text: string): boolean => {
    const pattern = parse(text, variables);
    return pattern !== undefined && resourceLike(pattern, resource);
  };
  return NotResource === undefined ? listed(Resource).some(matches) : !listed(NotResource).some(matches);
}

/** One operator with one key. */
interface Test {
  readonly name: string;
  readonly requested: readonly string[];
  readonly allowed: readonly string[];
  readonly variables: RequestContext | undefined;
}

/**
 * Null with "true": "the key doesn't exist"; with "false": "the key exists and its value is not null". A value is null if
 * it is an empty string.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
 */
const isNull = (requested: readonly string[]): boolean => requested.every((value) => value === "");

/**
 * Set operators: ForAllValues "also returns true if there are no context keys in the request or if the context key value
 * resolves to a null dataset, such as an empty string"; for ForAnyValue, "for no matching context key or a null dataset,
 * the condition returns false".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 *
 * IfExists: "If the key is not present, evaluate the condition element as true."
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 *
 * Without either: "If the key is not present in the request context, the values do not match and the condition is false. If
 * the policy condition requires that the key is not matched, the condition is true."
 */
function holds({ name, requested, allowed, variables }: Test): boolean {
  if (name === "Null") return allowed.includes(String(isNull(requested)));
  const [, set, base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const { matches, negated } = operatorNamed(base);
  if (requested.length === 0 && ifExists !== undefined) return true;
  const passes = (value: string): boolean => allowed.some((one) => matches(value, one, variables)) !== negated;
  if (set === "ForAllValues") return isNull(requested) || requested.every(passes);
  if (set === "ForAnyValue") return !isNull(requested) && requested.some(passes);
  return requested.length === 0 ? negated : requested.some(passes);
}

/**
 * Operators and keys are combined with AND, the values of a key with OR.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
const conditionHolds = (
  { Condition = {} }: StatementDocument,
  { context }: Request,
  variables: RequestContext | undefined,
): boolean =>
  Object.entries(Condition).every(([name, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      holds({ name, requested: valuesOf(context, key), allowed: listed(values).map(String), variables }),
    ),
  );

function effects({ Version, Statement }: PolicyDocument, request: Request): ("Allow" | "Deny")[] {
  const variables = Version === "2012-10-17" ? request.context : undefined;
  return listed(Statement)
    .filter((statement) => actionApplies(statement, request))
    .filter((statement) => resourceApplies(statement, request, variables))
    .filter((statement) => conditionHolds(statement, request, variables))
    .map(({ Effect }) => Effect);
}

/**
 * "By default, all requests are implicitly denied", and "an explicit deny overrides an explicit allow".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function secondDecision(
  policies: readonly PolicyDocument[],
  request: Request,
): "allowed" | "explicit-deny" | "not-granted" {
  const decided = policies.flatMap((policy) => effects(policy, request));
  if (decided.includes("Deny")) return "explicit-deny";
  return decided.includes("Allow") ? "allowed" : "not-granted";
}
