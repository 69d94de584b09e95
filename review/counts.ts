import { actionOf, type Plan, type ResourceChange } from "./plan.ts";

/** So many resources of one type, of which the same becomes. */
export interface Count {
  readonly action: string;
  readonly type: string;
  readonly count: number;
}

/** As Terraform counts: a replacement is one to add and one to destroy. */
export interface Totals {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

const ORDER = ["delete", "replace", "forget", "create", "update", "import", "move", "read"];

/** Every resource of which anything becomes, whatever its type. */
export function countsOf({ resource_changes }: Plan): Count[] {
  const counts = new Map<string, Count>();
  for (const resource of resource_changes) {
    const [action, { type }] = [doneTo(resource), resource];
    const key = `${rank(action)} ${action} ${type}`;
    if (action !== "no-op") counts.set(key, { action, type, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

export function totalsOf(counts: readonly Count[]): Totals {
  const total = (...actions: readonly string[]): number =>
    counts.filter(({ action }) => actions.includes(action)).reduce((sum, { count }) => sum + count, 0);
  return { add: total("create", "replace"), change: total("update"), destroy: total("delete", "replace") };
}

function doneTo({ change, previous_address, address }: ResourceChange): string {
  const action = actionOf(change);
  if (action !== "no-op") return action;
  if (change.importing) return "import";
  return previous_address !== undefined && previous_address !== address ? "move" : action;
}

const rank = (action: string): number => (ORDER.includes(action) ? ORDER.indexOf(action) : ORDER.length);
