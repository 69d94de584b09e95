import type { ResourceState } from "../resource-states.ts";
import { namedBy, referenceTo } from "./holders.ts";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
interface WrittenStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: Many;
  readonly NotAction?: Many;
  readonly Resource?: Many;
  readonly NotResource?: Many;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Many>>>>;
}

type Many = string | readonly string[];

/** A part of a statement, with one principal, action and resource. */
export interface Clause {
  readonly effect: "Allow" | "Deny";
  /** `service lambda.amazonaws.com`; undefined in an identity's policy. */
  readonly principal?: PolicyPattern;
  readonly action: PolicyPattern;
  /** Undefined if the statement names no resource: the policy of a resource applies to that resource. */
  readonly resource?: PolicyPattern;
  /** Sorted, so that their order in the policy does not matter. */
  readonly conditions: readonly Condition[];
}

/** A pattern of an action, resource or principal. Negated, as in `NotAction`: everything that does not match it. */
export interface PolicyPattern {
  readonly text: string;
  readonly isNegated: boolean;
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Splits a policy so that the order and grouping of its statements do not matter. Undefined if it is not a policy. */
export function clausesOf(document: string, toReferences: (text: string) => string): Clause[] | undefined {
  const statements = statementsOf(document);
  const patternsOf = (texts: readonly string[], isNegated: boolean): PolicyPattern[] =>
    texts.map((text) => ({ text: toReferences(text), isNegated }));
  return statements?.flatMap((statement) => {
    const { Effect: effect, Action, NotAction, Resource, NotResource } = statement;
    const conditions = conditionsOf(statement, toReferences);
    const actions = patternsOf(many(Action ?? NotAction), Action === undefined);
    const resources = orNone(patternsOf(many(Resource ?? NotResource), Resource === undefined));
    const principals = orNone(
      patternsOf(principalsOf(statement.Principal ?? statement.NotPrincipal), statement.Principal === undefined),
    );
    return principals.flatMap((principal) =>
      actions.flatMap((action) =>
        resources.map((resource) => ({
          effect,
          action,
          conditions,
          ...(principal && { principal }),
          ...(resource && { resource }),
        })),
      ),
    );
  });
}

const orNone = (found: readonly PolicyPattern[]): readonly (PolicyPattern | undefined)[] =>
  found.length === 0 ? [undefined] : found;

function statementsOf(document: string): readonly WrittenStatement[] | undefined {
  const { Statement } = parsed(document) ?? {};
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  return statements.every(isStatement) ? statements : undefined;
}

/** A statement without an effect or an action makes the policy unreadable, because skipping it could hide a permission. */
function isStatement(node: unknown): node is WrittenStatement {
  const { Effect, Action, NotAction } = (node ?? {}) as Partial<WrittenStatement>;
  return (Effect === "Allow" || Effect === "Deny") && (Action ?? NotAction) !== undefined;
}

function parsed(text: string): { readonly Statement?: unknown } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether a text is a policy, or may be one. */
export const hasStatement = (text: string): boolean =>
  /"Statement"/.test(text) || (/^\s*\{/.test(text) && parsed(text)?.Statement !== undefined);

/** Conditions may have numbers and booleans. */
const many = (texts: Many | undefined): readonly string[] => (texts === undefined ? [] : [texts].flat().map(String));

const KINDS: Readonly<Record<string, string>> = {
  CanonicalUser: "canonical user",
  Federated: "identity provider",
  Service: "service",
};

/** `{ "Service": "lambda.amazonaws.com" }` is `service lambda.amazonaws.com`. */
function principalsOf(principal: unknown): string[] {
  if (typeof principal === "string") return [principal];
  return Object.entries((principal ?? {}) as Record<string, Many>).flatMap(([kind, names]) =>
    many(names).map((name) => (kind === "AWS" ? name : `${KINDS[kind] ?? kind} ${name}`)),
  );
}

function conditionsOf({ Condition }: WrittenStatement, toReferences: (text: string) => string): Condition[] {
  const conditions = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: many(values).map(toReferences).sort() })),
  );
  return conditions.sort((a, b) => (`${a.operator} ${a.key}` < `${b.operator} ${b.key}` ? -1 : 1));
}

/** The attributes of an `aws_lambda_permission` that narrow it, and what AWS makes of them. */
const CONDITIONS: Readonly<Record<string, Pick<Condition, "operator" | "key">>> = {
  event_source_token: { operator: "StringEquals", key: "lambda:EventSourceToken" },
  function_url_auth_type: { operator: "StringEquals", key: "lambda:FunctionUrlAuthType" },
  principal_org_id: { operator: "StringEquals", key: "aws:PrincipalOrgID" },
  source_account: { operator: "StringEquals", key: "aws:SourceAccount" },
  source_arn: { operator: "ArnLike", key: "aws:SourceArn" },
};

/** An invoke permission is a statement in the function's own policy. */
export function invokeClause(state: ResourceState, states: readonly ResourceState[]): Clause {
  const name = state.text("function_name");
  const invoked = namedBy(name, states, { type: "aws_lambda_function", name: "function_name" });
  const principal = state.text("principal") ?? "";
  const conditions = Object.entries(CONDITIONS).flatMap(([attribute, condition]) => {
    const value = state.text(attribute);
    return value === undefined ? [] : [{ ...condition, values: [value] }];
  });
  return {
    effect: "Allow",
    principal: { text: principal.endsWith(".amazonaws.com") ? `service ${principal}` : principal, isNegated: false },
    action: { text: state.text("action") ?? "", isNegated: false },
    resource: { text: invoked ? referenceTo(invoked) : functionNamed(name ?? state.address), isNegated: false },
    conditions,
  };
}

/** A function outside of the plan, by its name or ARN. */
export const functionNamed = (text: string): string => (/^[\w-]+$/.test(text) ? `function ${text}` : text);
