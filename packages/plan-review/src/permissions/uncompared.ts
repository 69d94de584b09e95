import { actionOf, isForgotten, isReplaced, type Plan, type ResourceChange } from "../plan.ts";
import { hasOwnArn } from "../references.ts";
import type { ResourceState, Sides } from "../resource-states.ts";
import type { DifferencesAt } from "../routes.ts";
import { type Difference, shortened } from "../values.ts";
import { isLocal, isWithoutAccess, mayGrant } from "./access.ts";
import { ATTACHES, roleTexts } from "./attachments.ts";
import { documentsOf, type Hidden } from "./documents.ts";
import { accountIn, accountsOf } from "./holders.ts";

/** A change that may grant access and that no rule of this review reads. */
export interface Uncompared {
  readonly address: string;
  readonly type: string;
  readonly does: string;
  readonly why: "type" | "provider" | "attributes" | "account";
  /** The attributes, or the ids of the accounts. */
  readonly names: readonly string[];
}

/** Types for which every attribute that grants access has a rule. */
const RULED: ReadonlySet<string> = new Set([
  ...Object.keys(ATTACHES),
  "aws_iam_group",
  "aws_iam_group_policy",
  "aws_iam_policy",
  "aws_iam_role_policy",
  "aws_iam_user_policy",
  "aws_lambda_permission",
]);

/** Attributes of every resource that grant no access. */
const NEUTRAL = /^(tags|tags_all|timeouts|region|id|description|name|name_prefix)(\.|$)/;

const POLICY_TYPE = /_polic(y|ies)(_\w+)?$/;

interface Changed {
  readonly resource: ResourceChange;
  readonly differences: readonly Difference[];
  /** The resource on each side where it exists. */
  readonly sides: readonly ResourceState[];
  /** The accounts of this plan's own resources. */
  readonly accounts: ReadonlySet<string>;
  /** Whether the review already reports that a policy of the resource is hidden. */
  readonly isHidden: boolean;
}

interface Read {
  readonly plan: Plan;
  readonly sides: Sides;
  readonly differencesAt: DifferencesAt;
  readonly hidden: readonly Hidden[];
}

/** Lists each change that may grant access and that is not compared. `differencesAt` also has the differences of new resources. */
export function uncomparedIn({ plan, sides: { before, after }, differencesAt, hidden }: Read): Uncompared[] {
  const all = [...before, ...after];
  const accounts = accountsOf(all);
  return plan.resource_changes.filter(changesAws).flatMap((resource) => {
    const { address } = resource;
    const sides = all.filter((state) => state.address === address);
    const isHidden = hidden.some((one) => one.address === address);
    const found = reasonFor({ resource, sides, accounts, isHidden, differences: differencesAt(address) });
    return found ? [{ address, type: resource.type, does: resource.change.actions.join(", "), ...found }] : [];
  });
}

const changesAws = ({ mode, change }: ResourceChange): boolean =>
  mode === "managed" && !["no-op", "read"].includes(actionOf(change)) && (!isForgotten(change) || isReplaced(change));

type Reason = Pick<Uncompared, "why" | "names">;

function reasonFor(changed: Changed): Reason | undefined {
  const { type } = changed.resource;
  if ((RULED.has(type) && changed.sides.length > 0) || isLocal(type)) return undefined;
  if (!type.startsWith("aws_")) return { why: "provider", names: [] };
  const untold = changed.differences.filter(
    ({ path }) => !NEUTRAL.test(path) && !(path === "arn" && hasOwnArn(type)) && !isTold(changed, path),
  );
  if (!isWithoutAccess(type) && !isToldByPolicy(changed) && (untold.length > 0 || !isTaggedOnly(changed))) {
    return { why: "type", names: [] };
  }
  const attributes = untold.filter(
    ({ path, after }) => (mayGrant(path) || hidesGrant(changed, path)) && after !== "nothing",
  );
  if (attributes.length > 0) return { why: "attributes", names: attributes.map(({ path }) => path) };
  return ofAnotherAccount(changed, untold);
}

const isTaggedOnly = ({ resource: { change }, differences }: Changed): boolean =>
  actionOf(change) === "update" && differences.length > 0;

/** A block that is sensitive as a whole hides its attributes. Their names are not secret. */
const hidesGrant = ({ sides }: Changed, path: string): boolean => {
  const [attribute = ""] = path.split(".");
  return sides.some(({ hides, at }) => hides(attribute) === "sensitive" && namesIn(at(attribute).value).some(mayGrant));
};

const namesIn = (node: unknown): string[] =>
  typeof node === "object" && node !== null
    ? Object.entries(node).flatMap(([name, below]) => [name, ...namesIn(below)])
    : [];

/** A policy is compared statement by statement, and a role by name, unless its new value is hidden. */
function isTold({ resource: { type }, sides }: Changed, path: string): boolean {
  const [attribute = ""] = path.split(".");
  if (sides.some(({ hides, texts }) => hides(attribute) && texts(attribute).length === 0)) return false;
  const compared = sides.flatMap((state) =>
    [...documentsOf(state), ...roleTexts(state)].map((one) => shortened(one.path)),
  );
  const isRole = type === "aws_lambda_function" && path === "role";
  return isRole || compared.some((one) => path === one || path.startsWith(`${one}.`));
}

/** A resource that is only a policy, before and after the change. */
const isToldByPolicy = ({ resource: { type }, sides, isHidden }: Changed): boolean =>
  POLICY_TYPE.test(type) && (isHidden || sides.every((state) => documentsOf(state).length > 0));

/** A queue, function or role of another account that can receive data or act in this account. */
function ofAnotherAccount({ accounts }: Changed, differences: readonly Difference[]): Reason | undefined {
  if (accounts.size === 0) return undefined;
  const others = differences
    .flatMap(({ after }) => (typeof after === "object" ? (accountIn(after.text) ?? []) : []))
    .filter((account) => !accounts.has(account));
  return others.length > 0 ? { why: "account", names: [...new Set(others)] } : undefined;
}
