import type { ResourceState, TextAt } from "../resource-states.ts";
import { shortened } from "../values.ts";
import { type Clause, type Condition, clausesOf, hasStatement, type PolicyPattern } from "./statements.ts";

/** A value that cannot be compared, and why. */
export interface Hidden {
  readonly address: string;
  readonly attribute: string;
  readonly why: "sensitive" | "known after apply" | "not readable";
}

/** Names of attributes with policies: `policy`, `access_policies`, `policy_document`. */
const NAMED_POLICY = /(^|_)polic(y|ies)(_document|_text|_data)?$/;

/** Policies that do not grant access. A plan may hide them too. */
const OTHER_POLICIES =
  /(redrive|delivery|lifecycle|retry|filter|replay|archive|password|security|ssl|tls|scaling|routing|retention)_policy$/;

/** These policies limit what other policies allow. An `Allow` in them grants nothing, so they are not compared. */
const LIMITS = [
  "aws_organizations_policy",
  "aws_rolesanywhere_profile",
  "aws_transfer_access",
  "aws_transfer_user",
  "aws_vpc_endpoint",
  "aws_vpc_endpoint_policy",
];

/** The attribute that names the user, group or role of an identity policy. Resource policies name principals in their statements instead. */
const HOLDER: Readonly<Record<string, string | undefined>> = {
  aws_iam_group_policy: "group",
  aws_iam_role_policy: "role",
  aws_iam_user_policy: "user",
};

/** Instead of an attribute: the policy is a resource of its own, which other resources attach to users, groups and roles. */
export const ATTACHED_ELSEWHERE = "attached elsewhere";

/** A parsed policy document of a resource. */
export interface Document {
  /** `inline_policy.0.policy` */
  readonly path: string;
  readonly attribute: string;
  readonly clauses: readonly Clause[];
  /**
   * The attribute with the name of the user, group or role that has the policy, or `ATTACHED_ELSEWHERE`. Undefined for the
   * policy of a resource, whose statements name principals.
   */
  readonly holder: string | undefined;
}

/** Recognizes a policy by its content: a queue's `redrive_policy` has no statements. */
const isDocument = ({ text }: TextAt): boolean => hasStatement(text);

/** The policies of a resource that can be compared. */
export const documentsOf = (state: ResourceState): Document[] =>
  LIMITS.includes(state.type)
    ? []
    : textsOf(state).flatMap(({ path, text }) => {
        const clauses = clausesOf(text, state.toReferences) ?? [];
        const holder = holderOf(state, path);
        const hasGrantee = holder !== undefined || clauses.every(({ principal }) => principal);
        return hasGrantee ? [{ path, attribute: path.split(".", 1)[0] as string, clauses, holder }] : [];
      });

const textsOf = (state: ResourceState): TextAt[] =>
  state.attributes.flatMap((attribute) => state.texts(attribute)).filter(isDocument);

function holderOf({ type }: ResourceState, path: string): string | undefined {
  if (type === "aws_iam_role" && path.startsWith("inline_policy")) return "name";
  return type === "aws_iam_policy" ? ATTACHED_ELSEWHERE : HOLDER[type];
}

/** The policies of a resource that cannot be compared, including those that AWS fills in. */
export const hiddenIn = (state: ResourceState): Hidden[] =>
  state.attributes.flatMap((attribute) => {
    const why = whyHidden(state, attribute);
    return why ? [{ address: state.address, attribute, why }] : [];
  });

function whyHidden(state: ResourceState, attribute: string): Hidden["why"] | undefined {
  const texts = state.texts(attribute);
  if (texts.some((at) => mustBePolicy(state, at) && !isReadable(state, at))) return "not readable";
  const isPolicy = NAMED_POLICY.test(attribute) && !OTHER_POLICIES.test(attribute);
  return isPolicy && texts.length === 0 ? state.hides(attribute) : undefined;
}

const mustBePolicy = (state: ResourceState, at: TextAt): boolean =>
  isDocument(at) ||
  at.path === "assume_role_policy" ||
  (at.path === "policy" && holderOf(state, at.path) !== undefined);

/** A trust policy defines which principals may assume the role, so it must name one. */
function isReadable({ toReferences }: ResourceState, { path, text }: TextAt): boolean {
  const clauses = clausesOf(text, toReferences);
  return clauses !== undefined && (path !== "assume_role_policy" || clauses.every(({ principal }) => principal));
}

/** The paths of a resource's policies, in the format of the paths of differences. */
export const documentPaths = (state: ResourceState): string[] => textsOf(state).map(({ path }) => shortened(path));

/**
 * Requests for these actions name partition keys, which `dynamodb:LeadingKeys` compares. `PartiQLSelect` is not one of
 * them, because a statement without a key reads the whole table.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
const ACTIONS_WITH_KEYS = [
  "BatchGetItem",
  "BatchWriteItem",
  "ConditionCheckItem",
  "DeleteItem",
  "GetItem",
  "PartiQLDelete",
  "PartiQLInsert",
  "PartiQLUpdate",
  "PutItem",
  "Query",
  "UpdateItem",
].map((action) => `dynamodb:${action}`.toLowerCase());

/** Wildcards that match only such actions. */
const PATTERN_WITH_KEYS = /^dynamodb:(.*item|batch.*|query.*)$/;

const LEADING_KEYS = "dynamodb:leadingkeys";

/**
 * Whether an action reaches all items of a table although a condition names keys. `ForAllValues` and `...IfExists` are true
 * for a request without such a key, such as a `Scan` or `DeleteTable`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function reachesWholeTable(action: PolicyPattern, conditions: readonly Condition[]): boolean {
  const onKeys = conditions.filter(({ key }) => key.toLowerCase() === LEADING_KEYS);
  const isTrueWithoutKeys = onKeys.length > 0 && onKeys.every(holdsWithoutKey);
  return isTrueWithoutKeys && (action.isNegated || mayBeWithoutKeys(action.text.toLowerCase()));
}

/** Whether a condition is true for a request that lacks its key. */
export const holdsWithoutKey = ({ operator, values }: Condition): boolean =>
  operator === "Null" ? values.includes("true") : /^ForAllValues:|IfExists$/i.test(operator);

function mayBeWithoutKeys(action: string): boolean {
  const isOfTables = action.startsWith("dynamodb:") || /^[d?*]/.test(action);
  return isOfTables && !ACTIONS_WITH_KEYS.includes(action) && !PATTERN_WITH_KEYS.test(action);
}
