import { actionOf, type Plan, type ResourceChange } from "./plan.ts";

/** How many resources of one type get the same action. */
export interface Count {
  readonly action: string;
  readonly isImported: boolean;
  readonly type: string;
  readonly count: number;
}

/** Counted as in Terraform: a replacement is one to add and one to destroy, and an import may also be one to change. */
export interface Totals {
  readonly import: number;
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly forget: number;
}

/** Sorted by one digit, so at most ten. */
const ORDER = [
  "unknown",
  "delete",
  "replace",
  "replace and forget",
  "forget",
  "create",
  "update",
  "no-op",
  "move",
  "read",
];

/** Every resource that changes, of any type. */
export function countsOf({ resource_changes }: Plan): Count[] {
  const counts = new Map<string, Count>();
  for (const resource of resource_changes) {
    const [action, { type }] = [doneTo(resource), resource];
    const isImported = Boolean(resource.change.importing);
    const key = `${ORDER.indexOf(action)} ${isImported} ${type}`;
    if (action === "no-op" && !isImported) continue;
    counts.set(key, { action, isImported, type, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

export function totalsOf(counts: readonly Count[]): Totals {
  const total = (...actions: readonly string[]): number =>
    counts.filter(({ action }) => actions.includes(action)).reduce((sum, { count }) => sum + count, 0);
  return {
    import: counts.filter(({ isImported }) => isImported).reduce((sum, { count }) => sum + count, 0),
    add: total("create", "replace", "replace and forget"),
    change: total("update"),
    destroy: total("delete", "replace"),
    forget: total("forget", "replace and forget"),
  };
}

function doneTo({ change, previous_address, address }: ResourceChange): string {
  const action = actionOf(change);
  if (action !== "no-op") return action;
  return previous_address !== undefined && previous_address !== address ? "move" : action;
}
