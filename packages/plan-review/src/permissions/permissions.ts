import { actionOf, type Plan, type ResourceChange } from "../plan.ts";
import type { ResourceState, Sides } from "../resource-states.ts";
import type { DifferencesAt } from "../routes.ts";
import { type Among, ATTACHES, type Attachment, attachmentsOf, FILLED_IN } from "./attachments.ts";
import { ATTACHED_ELSEWHERE, type Document, documentsOf, type Hidden, hiddenIn } from "./documents.ts";
import { holdersOf, namedBy, referenceTo } from "./holders.ts";
import { type Clause, invokeClause, type PolicyPattern } from "./statements.ts";
import { type Uncompared, uncomparedIn } from "./uncompared.ts";

/** One permission or denial: a principal, an action and a resource. */
export interface Permission extends Omit<Clause, "principal"> {
  readonly who: PolicyPattern;
}

export interface PermissionChanges {
  readonly gained: readonly Permission[];
  readonly lost: readonly Permission[];
  readonly attached: readonly Attachment[];
  readonly detached: readonly Attachment[];
  readonly hidden: readonly Hidden[];
  readonly uncompared: readonly Uncompared[];
}

/** In policies of these types, `*` is any resource of the account; in others, it is the resource that has the policy. */
const ACCOUNT_WIDE = [
  "aws_cloudwatch_log_resource_policy",
  "aws_ecr_registry_policy",
  "aws_glue_resource_policy",
  "aws_organizations_resource_policy",
  "aws_xray_resource_policy",
];

export interface Compared {
  readonly plan: Plan;
  readonly sides: Sides;
  /** The differences at an address, also of new and deleted resources. */
  readonly differencesAt: DifferencesAt;
}

/** Compares all access, whichever policy grants it. Access that is hidden on one side is left out on both, and reported. */
export function permissionChanges({ plan, sides, differencesAt }: Compared): PermissionChanges {
  const { before, after } = sides;
  const all = [...before, ...after];
  const addresses = new Set(plan.resource_changes.filter(isChange).map(({ address }) => address));
  const changed = all.filter(({ address }) => addresses.has(address));
  const hidden = changed.flatMap((state) => [...hiddenIn(state), ...hiddenAttachments(state)]);
  const named = without(hidden.filter(isAskedOf(changed)), []);
  const isHidden = (state: ResourceState, attribute: string): boolean =>
    hidden.some((one) => one.address === state.address && one.attribute === attribute);
  const permissionsOf = (states: readonly ResourceState[]): Permission[] =>
    states.flatMap((state) => {
      const documents = documentsOf(state).filter(({ attribute }) => !isHidden(state, attribute));
      return permissionsIn(state, { states, all, documents });
    });
  const attachedIn = (states: readonly ResourceState[]): Attachment[] =>
    states
      .filter((state) => !(ATTACHES[state.type] ?? []).some((attribute) => isHidden(state, attribute)))
      .flatMap((state) => attachmentsOf(state, { states, all }));
  return {
    gained: without(permissionsOf(after), [...permissionsOf(before), ...permissionsOf(roles(before))]),
    lost: without(permissionsOf(before), [...permissionsOf(after), ...permissionsOf(roles(after))]),
    attached: without(attachedIn(after), [...attachedIn(before), ...attachedIn(roles(before))]),
    detached: without(attachedIn(before), [...attachedIn(after), ...attachedIn(roles(after))]),
    hidden: named,
    uncompared: uncomparedIn({ plan, sides, differencesAt, hidden: named }),
  };
}

/**
 * Without functions, permissions are reported as the role's own. A role gains nothing when its last function is deleted, and
 * loses nothing when its first function is created.
 */
const roles = (states: readonly ResourceState[]): ResourceState[] =>
  states.filter(({ type }) => type !== "aws_lambda_function");

const isChange = ({ change }: ResourceChange): boolean => actionOf(change) !== "no-op";

/** An unknown policy that AWS generates is not a change. */
const isAskedOf =
  (states: readonly ResourceState[]) =>
  ({ address, attribute, why }: Hidden): boolean =>
    why !== "known after apply" ||
    states.some((state) => state.address === address && (state.isWritten(attribute) || isRequired(state, attribute)));

const isRequired = ({ type }: ResourceState, attribute: string): boolean =>
  (ATTACHES[type] ?? []).includes(attribute) && !FILLED_IN.includes(attribute);

const hiddenAttachments = (state: ResourceState): Hidden[] =>
  (ATTACHES[state.type] ?? []).flatMap((attribute) => {
    const why = state.texts(attribute).length === 0 ? state.hides(attribute) : undefined;
    return why ? [{ address: state.address, attribute, why }] : [];
  });

/** The permissions in the first list that are missing in the second, without duplicates. */
function without<Item>(items: readonly Item[], others: readonly Item[]): Item[] {
  const keyed = new Map(items.map((item) => [JSON.stringify(item), item]));
  for (const other of others) keyed.delete(JSON.stringify(other));
  return [...keyed.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

interface Holding extends Among {
  readonly documents: readonly Document[];
}

function permissionsIn(state: ResourceState, { states, all, documents }: Holding): Permission[] {
  if (state.type === "aws_lambda_permission") return ofPrincipals([invokeClause(state, states)], state);
  return documents
    .filter((document) => !isManagedElsewhere(state, document, all))
    .flatMap(({ clauses, holder }) => {
      if (holder === undefined) return ofPrincipals(clauses, state);
      return ofHolders(
        clauses,
        holder === ATTACHED_ELSEWHERE ? [referenceTo(state)] : holdersNamed(state, holder, states),
      );
    });
}

function holdersNamed(state: ResourceState, attribute: string, states: readonly ResourceState[]): string[] {
  if (state.type === "aws_iam_role") return holdersOf(referenceTo(state), "role", states);
  const name = state.text(attribute);
  return name === undefined ? [referenceTo(state)] : holdersOf(name, attribute, states);
}

/**
 * AWS reports every inline policy of a role as the role's own. Unless the configuration of the role sets them, only the
 * plan's `aws_iam_role_policy` resources show which ones change.
 */
function isManagedElsewhere(state: ResourceState, { path }: Document, all: readonly ResourceState[]): boolean {
  const [, index] = /^inline_policy\.(\d+)\./.exec(path) ?? [];
  if (state.type !== "aws_iam_role" || index === undefined || state.isWritten("inline_policy")) return false;
  const { value } = state.at("inline_policy", Number(index), "name");
  const named = all.filter(({ type, text }) => type === "aws_iam_role_policy" && text("name") === value);
  const role = { type: "aws_iam_role", name: "name" };
  return named.some((policy) => namedBy(policy.text("role"), [state], role) !== undefined);
}

const ofHolders = (clauses: readonly Clause[], holders: readonly string[]): Permission[] =>
  holders.flatMap((holder) => clauses.map((clause) => ordered({ ...clause, who: { text: holder, isNegated: false } })));

/** The policy of a resource that principals use: a queue, a bucket, a role that is assumed. */
const ofPrincipals = (clauses: readonly Clause[], state: ResourceState): Permission[] =>
  clauses.flatMap(({ principal, resource, ...clause }) => {
    const isStar = resource?.text === "*" && !resource.isNegated;
    const isAll = resource === undefined || (isStar && !ACCOUNT_WIDE.includes(state.type));
    const own = { text: referenceTo(state), isNegated: false };
    return principal ? [ordered({ ...clause, who: principal, resource: isAll ? own : resource })] : [];
  });

/** Fixes the order of properties, because permissions are compared as JSON. */
const ordered = ({ who, effect, resource, conditions, action }: Permission): Permission => ({
  who,
  effect,
  ...(resource && { resource }),
  conditions,
  action,
});
