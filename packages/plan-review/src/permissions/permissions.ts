import { actionOf, type Plan, type ResourceChange } from "../plan.ts";
import type { DifferencesAt } from "../routes.ts";
import type { Sides, Thing } from "../things.ts";
import { type Among, ATTACHES, type Attachment, attachmentsOf, FILLED_IN } from "./attachments.ts";
import { type Document, documentsOf, type Hidden, hiddenIn } from "./documents.ts";
import { holdersOf, namedBy, referenceTo } from "./holders.ts";
import { invokeClause } from "./invoke.ts";
import type { Clause, Excepting } from "./statements.ts";
import { type Uncompared, uncomparedIn } from "./uncompared.ts";

/** Who may, or may not, do one thing to one other. */
export interface Permission extends Omit<Clause, "principal"> {
  readonly who: Excepting;
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
  const hidden = changed.flatMap((thing) => [...hiddenIn(thing), ...hiddenAttachments(thing)]);
  const named = without(hidden.filter(isAskedOf(changed)), []);
  const isHidden = (thing: Thing, attribute: string): boolean =>
    hidden.some((one) => one.address === thing.address && one.attribute === attribute);
  const permissionsOf = (things: readonly Thing[]): Permission[] =>
    things.flatMap((thing) => {
      const documents = documentsOf(thing).filter(({ attribute }) => !isHidden(thing, attribute));
      return permissionsIn(thing, { things, all, documents });
    });
  const attachedIn = (things: readonly Thing[]): Attachment[] =>
    things
      .filter((thing) => !(ATTACHES[thing.type] ?? []).some((attribute) => isHidden(thing, attribute)))
      .flatMap((thing) => attachmentsOf(thing, { things, all }));
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
const roles = (things: readonly Thing[]): Thing[] => things.filter(({ type }) => type !== "aws_lambda_function");

const isChange = ({ change }: ResourceChange): boolean => actionOf(change) !== "no-op";

/** An unknown policy that AWS generates is not a change. */
const isAskedOf =
  (things: readonly Thing[]) =>
  ({ address, attribute, why }: Hidden): boolean =>
    why !== "known after apply" ||
    things.some((thing) => thing.address === address && (thing.isWritten(attribute) || isRequired(thing, attribute)));

const isRequired = ({ type }: Thing, attribute: string): boolean =>
  (ATTACHES[type] ?? []).includes(attribute) && !FILLED_IN.includes(attribute);

const hiddenAttachments = (thing: Thing): Hidden[] =>
  (ATTACHES[thing.type] ?? []).flatMap((attribute) => {
    const why = thing.texts(attribute).length === 0 ? thing.hides(attribute) : undefined;
    return why ? [{ address: thing.address, attribute, why }] : [];
  });

/** Those of the one that the other lacks, each once. */
function without<Item>(items: readonly Item[], others: readonly Item[]): Item[] {
  const keyed = new Map(items.map((item) => [JSON.stringify(item), item]));
  for (const other of others) keyed.delete(JSON.stringify(other));
  return [...keyed.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

interface Holding extends Among {
  readonly documents: readonly Document[];
}

function permissionsIn(thing: Thing, { things, all, documents }: Holding): Permission[] {
  if (thing.type === "aws_lambda_permission") return ofPrincipals([invokeClause(thing, things)], thing);
  return documents
    .filter((document) => !isManagedElsewhere(thing, document, all))
    .flatMap(({ clauses, holder }) => {
      if (holder === undefined) return ofPrincipals(clauses, thing);
      return ofHolders(clauses, holder === "" ? [referenceTo(thing)] : holdersNamed(thing, holder, things));
    });
}

function holdersNamed(thing: Thing, attribute: string, things: readonly Thing[]): string[] {
  if (thing.type === "aws_iam_role") return holdersOf(referenceTo(thing), "role", things);
  const name = thing.text(attribute);
  return name === undefined ? [referenceTo(thing)] : holdersOf(name, attribute, things);
}

/**
 * AWS reports every inline policy of a role as the role's own. Unless the configuration of the role sets them, only the
 * plan's `aws_iam_role_policy` resources show which ones change.
 */
function isManagedElsewhere(thing: Thing, { path }: Document, all: readonly Thing[]): boolean {
  const [, index] = /^inline_policy\.(\d+)\./.exec(path) ?? [];
  if (thing.type !== "aws_iam_role" || index === undefined || thing.isWritten("inline_policy")) return false;
  const { value } = thing.at("inline_policy", Number(index), "name");
  const named = all.filter(({ type, text }) => type === "aws_iam_role_policy" && text("name") === value);
  const role = { type: "aws_iam_role", name: "name" };
  return named.some((policy) => namedBy(policy.text("role"), [thing], role) !== undefined);
}

const ofHolders = (clauses: readonly Clause[], holders: readonly string[]): Permission[] =>
  holders.flatMap((holder) =>
    clauses.map((clause) => ordered({ ...clause, who: { text: holder, isException: false } })),
  );

/** The policy of a resource that principals use: a queue, a bucket, a role that is assumed. */
const ofPrincipals = (clauses: readonly Clause[], thing: Thing): Permission[] =>
  clauses.flatMap(({ principal, resource, ...clause }) => {
    const isStar = resource?.text === "*" && !resource.isException;
    const isAll = resource === undefined || (isStar && !ACCOUNT_WIDE.includes(thing.type));
    const own = { text: referenceTo(thing), isException: false };
    return principal ? [ordered({ ...clause, who: principal, resource: isAll ? own : resource })] : [];
  });

/** In one order of properties: permissions are compared as JSON. */
const ordered = ({ who, effect, resource, conditions, action }: Permission): Permission => ({
  who,
  effect,
  ...(resource && { resource }),
  conditions,
  action,
});
