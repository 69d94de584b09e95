import { referred } from "../references.ts";
import type { ResourceState, TextAt } from "../resource-states.ts";
import { accountIn, accountsOf, holdersOf, namedBy, referenceTo } from "./holders.ts";
import { functionNamed } from "./statements.ts";

/** Access that is granted or limited as a whole, without a statement in the plan. */
export interface Attachment {
  readonly kind:
    | "policy"
    | "group"
    | "role"
    | "boundary"
    | "public URL"
    | "signed URL"
    | "public API"
    | "authorizer"
    | "log events"
    | "log events to another account"
    | "only inline policies"
    | "only attached policies"
    | "only holders"
    | "only members";
  /** A reference, or a name such as `user mallory`. */
  readonly who: string;
  /** A reference, an ARN, or names. */
  readonly what: string;
}

/** The resources of one side, and those of both. */
export interface Among {
  readonly states: readonly ResourceState[];
  readonly all: readonly ResourceState[];
}

interface Given {
  /** The attributes that name who gets the policies. */
  readonly to: readonly string[];
  readonly policies: string;
}

const GIVEN: Readonly<Record<string, Given>> = {
  aws_iam_group_policy_attachment: { to: ["group"], policies: "policy_arn" },
  aws_iam_group_policy_attachments_exclusive: { to: ["group_name"], policies: "policy_arns" },
  aws_iam_policy_attachment: { to: ["roles", "users", "groups"], policies: "policy_arn" },
  aws_iam_role_policy_attachment: { to: ["role"], policies: "policy_arn" },
  aws_iam_role_policy_attachments_exclusive: { to: ["role_name"], policies: "policy_arns" },
  aws_iam_user_policy_attachment: { to: ["user"], policies: "policy_arn" },
  aws_iam_user_policy_attachments_exclusive: { to: ["user_name"], policies: "policy_arns" },
};

/** The attributes by which these types grant or limit access. If one is hidden, the review reports that. */
export const ATTACHES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(GIVEN).map(([type, { to, policies }]) => [type, [...to, policies]])),
  aws_apigatewayv2_authorizer: ["authorizer_uri", "jwt_configuration"],
  aws_apigatewayv2_route: ["authorization_type"],
  aws_cloudwatch_log_subscription_filter: ["destination_arn", "log_group_name"],
  aws_iam_group_membership: ["group", "users"],
  aws_iam_group_policies_exclusive: ["group_name", "policy_names"],
  aws_iam_instance_profile: ["role"],
  aws_iam_role: ["managed_policy_arns", "permissions_boundary"],
  aws_iam_role_policies_exclusive: ["role_name", "policy_names"],
  aws_iam_user: ["permissions_boundary"],
  aws_iam_user_group_membership: ["user", "groups"],
  aws_iam_user_policies_exclusive: ["user_name", "policy_names"],
  aws_lambda_function_url: ["authorization_type", "function_name"],
};

/** Attributes that AWS sets if the configuration does not. */
export const FILLED_IN = ["managed_policy_arns"];

/** Other attributes that name the role of a resource: `role_arn`, `target.0.role_arn`, `roles.authenticated`. */
const ROLE_ATTRIBUTE = /(^|_)(roles?(_arns?)?|credentials_arn|instance_profile(_arn|_name)?)$/;

const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:(role|instance-profile)\//;

export const attachmentsOf = (state: ResourceState, among: Among): Attachment[] => [
  ...(GIVEN[state.type] ? policiesGiven(state, GIVEN[state.type] as Given, among) : []),
  ...(RULES[state.type]?.(state, among) ?? []),
  ...rolesOf(state, among),
];

function policiesGiven(state: ResourceState, { to, policies }: Given, { states }: Among): Attachment[] {
  const given = textsOf(state, policies).map(named);
  const holders = to.flatMap((attribute) =>
    textsOf(state, attribute).flatMap((text) => holdersOf(text, attribute, states)),
  );
  const attached = holders.flatMap((who) => given.map((what): Attachment => ({ kind: "policy", who, what })));
  if (state.type === "aws_iam_policy_attachment") {
    return [...attached, ...given.map((who): Attachment => ({ kind: "only holders", who, what: "" }))];
  }
  const only = state.type.endsWith("_exclusive") ? holders : [];
  return [
    ...attached,
    ...only.map((who): Attachment => ({ kind: "only attached policies", who, what: listOf(given) })),
  ];
}

type Rule = (state: ResourceState, among: Among) => Attachment[];

const onlyInline =
  (attribute: string): Rule =>
  (state, { states }) =>
    textsOf(state, attribute)
      .flatMap((text) => holdersOf(text, attribute, states))
      .map((who) => ({ kind: "only inline policies", who, what: listOf(textsOf(state, "policy_names")) }));

const boundary: Rule = (state) =>
  textsOf(state, "permissions_boundary").map((text) => ({
    kind: "boundary",
    who: referenceTo(state),
    what: named(text),
  }));

const memberships =
  (group: string, user: string): Rule =>
  (state, { states }) => {
    const groups = textsOf(state, group).flatMap((text) => holdersOf(text, group, states));
    const users = textsOf(state, user).flatMap((text) => holdersOf(text, user, states));
    const members = groups.flatMap((what) => users.map((who): Attachment => ({ kind: "group", who, what })));
    if (state.type !== "aws_iam_group_membership") return members;
    return [...members, ...groups.map((who): Attachment => ({ kind: "only members", who, what: "" }))];
  };

const RULES: Readonly<Record<string, Rule>> = {
  aws_apigatewayv2_authorizer: (state) =>
    [
      ...state.texts("authorizer_uri"),
      ...state.texts("jwt_configuration").filter(({ path }) => path.endsWith(".issuer")),
    ].map(({ text }) => ({ kind: "authorizer", who: named(text), what: referenceTo(state) })),
  aws_apigatewayv2_route: publicApi,
  aws_cloudwatch_log_subscription_filter: subscription,
  aws_iam_group_membership: memberships("group", "users"),
  aws_iam_group_policies_exclusive: onlyInline("group_name"),
  aws_iam_instance_profile: (state, { states }) =>
    textsOf(state, "role").map((text) => {
      const role = namedBy(text, states, { type: "aws_iam_role", name: "name" });
      return { kind: "role", who: referenceTo(state), what: role ? referenceTo(role) : `role ${text}` };
    }),
  aws_iam_role: (state, among) => [...managed(state, among), ...boundary(state, among)],
  aws_iam_role_policies_exclusive: onlyInline("role_name"),
  aws_iam_user: boundary,
  aws_iam_user_group_membership: memberships("groups", "user"),
  aws_iam_user_policies_exclusive: onlyInline("user_name"),
  aws_lambda_function_url: (state, { states }) =>
    textsOf(state, "function_name").map((name): Attachment => {
      const found = namedBy(name, states, { type: "aws_lambda_function", name: "function_name" });
      const kind = state.text("authorization_type") === "NONE" ? "public URL" : "signed URL";
      return { kind, who: "", what: found ? referenceTo(found) : functionNamed(name) };
    }),
};

/**
 * AWS reports every policy of a role as the role's own, however it was attached. Unless the configuration of the role sets
 * them, only the plan's attachment resources show which ones change.
 */
function managed(role: ResourceState, { states, all }: Among): Attachment[] {
  const elsewhere = role.isWritten("managed_policy_arns")
    ? []
    : all.filter(({ type }) => type in GIVEN).flatMap((state) => textsOf(state, (GIVEN[state.type] as Given).policies));
  const own = textsOf(role, "managed_policy_arns").filter((arn) => !elsewhere.includes(arn));
  const holders = holdersOf(referenceTo(role), "role", states);
  return holders.flatMap((who) => own.map((arn): Attachment => ({ kind: "policy", who, what: named(arn) })));
}

function subscription(filter: ResourceState, { states, all }: Among): Attachment[] {
  const own = accountsOf(all);
  return textsOf(filter, "log_group_name").flatMap((name) => {
    const group = namedBy(name, states, { type: "aws_cloudwatch_log_group", name: "name" });
    const who = group ? referenceTo(group) : `log group ${name}`;
    return textsOf(filter, "destination_arn").map((what): Attachment => {
      const account = accountIn(what);
      const isElsewhere = account !== undefined && own.size > 0 && !own.has(account);
      return { kind: isElsewhere ? "log events to another account" : "log events", who, what };
    });
  });
}

/** API Gateway authorizes a WebSocket API when a client connects, and an HTTP API on each route. */
function publicApi(route: ResourceState, { states }: Among): Attachment[] {
  const key = route.text("route_key") ?? "";
  const api = namedBy(route.text("api_id"), states, { type: "aws_apigatewayv2_api", name: "id" });
  const isEntrance = key === "$connect" || api?.text("protocol_type") === "HTTP" || /^[A-Z]+ \//.test(key);
  if (!isEntrance || route.hides("authorization_type")) return [];
  if ((route.text("authorization_type") ?? "NONE") !== "NONE") return [];
  return [{ kind: "public API", who: api ? referenceTo(api) : referenceTo(route), what: key }];
}

/** A function's role in the plan is not reported, because the review reports the role's permissions as the function's. */
function rolesOf(state: ResourceState, { states }: Among): Attachment[] {
  const isTold = ({ text }: TextAt) =>
    state.type === "aws_lambda_function" && namedBy(text, states, ROLE) !== undefined;
  return roleTexts(state)
    .filter((found) => !isTold(found))
    .map((found) => ({ kind: "role", who: referenceTo(state), what: roleNamed(found, states) }));
}

const ROLE = { type: "aws_iam_role", name: "arn" };

const PROFILE = /(^|_)instance_profile(_arn|_name)?$/;

const isProfile = ({ path }: TextAt): boolean => path.split(".").some((step) => PROFILE.test(step));

/** EC2 refers to an instance profile by its name. */
function roleNamed(found: TextAt, states: readonly ResourceState[]): string {
  if (!isProfile(found) || !/^[\w+=,.@-]+$/.test(found.text)) return named(found.text);
  const profile = namedBy(found.text, states, { type: "aws_iam_instance_profile", name: "name" });
  return profile ? referenceTo(profile) : `instance profile ${found.text}`;
}

/** Where a resource names its role. Types of IAM are excluded, because they name roles that they manage. */
export const roleTexts = (state: ResourceState): TextAt[] =>
  state.type.startsWith("aws_iam_")
    ? []
    : state.attributes
        .flatMap((attribute) => state.texts(attribute))
        .filter(({ path }) => path.split(".").some((step) => ROLE_ATTRIBUTE.test(step)))
        .filter((found) => ROLE_ARN.test(found.text) || found.text.startsWith("${") || isProfile(found));

const textsOf = (state: ResourceState, attribute: string): string[] => state.texts(attribute).map(({ text }) => text);

const listOf = (names: readonly string[]): string => [...new Set(names)].sort().join("\n");

/** The same reference for every attribute of a resource in the plan. */
function named(text: string): string {
  const { address } = referred(text) ?? {};
  return address === undefined ? text : `\${${address}.arn}`;
}
