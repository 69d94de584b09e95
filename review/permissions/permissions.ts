import { referred } from "../references.ts";
import type { Sides, Thing } from "../things.ts";
import { documentsOf, type Hidden, hiddenIn } from "./documents.ts";
import { holdersOf, referenceTo } from "./holders.ts";
import { invokeClause } from "./invoke.ts";
import type { Clause, Excepting } from "./statements.ts";

/** Who may, or may not, do one thing to one other. */
export interface Permission extends Omit<Clause, "principal"> {
  readonly who: Excepting;
}

/** A policy that is kept elsewhere, and given to a role as a whole. */
export interface Attachment {
  readonly who: Excepting;
  readonly policy: string;
}

export interface PermissionChanges {
  readonly gained: readonly Permission[];
  readonly lost: readonly Permission[];
  readonly attached: readonly Attachment[];
  readonly detached: readonly Attachment[];
  readonly hidden: readonly Hidden[];
}

/** Compares all that anybody may do, whichever policy says so. What is hidden on one side is left out on both, and named. */
export function permissionChanges(
  { before, after }: Sides,
  isChanged: (address: string) => boolean,
): PermissionChanges {
  const changed = [...before, ...after].filter(({ address }) => isChanged(address));
  const hidden = changed.flatMap(hiddenIn);
  const permissionsOf = (things: readonly Thing[]) =>
    things.flatMap((thing) => permissionsIn(thing, { things, hidden }));
  const [old, now] = [permissionsOf(before), permissionsOf(after)];
  const [oldAttachments, nowAttachments] = [attachmentsOf(before), attachmentsOf(after)];
  return {
    gained: without(now, old),
    lost: without(old, now),
    attached: without(nowAttachments, oldAttachments),
    detached: without(oldAttachments, nowAttachments),
    hidden: without(hidden.filter(isAskedOf(changed)), []),
  };
}

/** A policy that AWS makes up is no news while nobody knows it. */
const isAskedOf =
  (things: readonly Thing[]) =>
  ({ address, attribute, why }: Hidden): boolean =>
    why !== "known after apply" || things.some((thing) => thing.address === address && thing.isWritten(attribute));

/** Those of the one that the other lacks, each once. */
function without<Item>(items: readonly Item[], others: readonly Item[]): Item[] {
  const keyed = new Map(items.map((item) => [JSON.stringify(item), item]));
  for (const other of others) keyed.delete(JSON.stringify(other));
  return [...keyed.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

interface Among {
  readonly things: readonly Thing[];
  readonly hidden: readonly Hidden[];
}

function permissionsIn(thing: Thing, { things, hidden }: Among): Permission[] {
  if (thing.type === "aws_lambda_permission") return ofPrincipals([invokeClause(thing, things)], thing);
  const clauses = documentsOf(thing, hidden);
  if (thing.type === "aws_iam_role_policy") return ofHolders(clauses, holdersOf(thing.text("role"), things));
  return thing.type === "aws_iam_policy" ? ofHolders(clauses, [referenceTo(thing)]) : ofPrincipals(clauses, thing);
}

const ofHolders = (clauses: readonly Clause[], holders: readonly string[]): Permission[] =>
  holders.flatMap((holder) =>
    clauses.map((clause) => ordered({ ...clause, who: { text: holder, isException: false } })),
  );

/** The policy of a thing that others use: a queue, a bucket, a role that somebody takes. */
const ofPrincipals = (clauses: readonly Clause[], thing: Thing): Permission[] =>
  clauses.map(({ principal = { text: "*", isException: false }, resource, ...clause }) =>
    ordered({ ...clause, who: principal, resource: resource ?? { text: referenceTo(thing), isException: false } }),
  );

/** In one order of properties: permissions are compared as JSON. */
const ordered = ({ who, effect, resource, conditions, action }: Permission): Permission => ({
  who,
  effect,
  ...(resource && { resource }),
  conditions,
  action,
});

function attachmentsOf(things: readonly Thing[]): Attachment[] {
  return things
    .filter(({ type }) => type === "aws_iam_role_policy_attachment")
    .flatMap((thing) =>
      holdersOf(thing.text("role"), things).map((holder) => ({
        who: { text: holder, isException: false },
        policy: named(thing.text("policy_arn") ?? thing.address),
      })),
    );
}

/** Of what refers to the plan's own policy by whichever attribute, one reference. */
const named = (text: string): string => {
  const { address } = referred(text) ?? {};
  return address === undefined ? text : `\${${address}.arn}`;
};
