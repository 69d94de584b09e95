import { actionOf, type Plan } from "./plan.ts";
import { type Difference, differencesOf } from "./values.ts";

/** What was changed by somebody other than Terraform. */
export interface Drift {
  readonly address: string;
  readonly does: "deleted" | "changed";
  readonly differences: readonly Difference[];
}

/** Terraform fills in what it did not ask for at once; only what differs from what it knew is drift. */
export function driftOf(plan: Plan): Drift[] {
  const managed = managedPolicies(plan);
  return plan.resource_drift.flatMap(({ address, change }): Drift[] => {
    if (actionOf(change) === "delete") return [{ address, does: "deleted", differences: [] }];
    const differences = differencesOf(withoutManaged(change, managed));
    return differences.length === 0 ? [] : [{ address, does: "changed", differences }];
  });
}

type Role = { readonly inline_policy?: readonly { readonly name: string }[] } | null;

/** A role shows the policies that other resources give it. Those of Terraform are no news, any other is. */
function withoutManaged(change: Plan["resource_drift"][number]["change"], managed: ReadonlySet<string>) {
  const strip = (side: unknown): unknown => {
    const { inline_policy, ...rest } = (side ?? {}) as NonNullable<Role>;
    return inline_policy ? { ...rest, inline_policy: inline_policy.filter(({ name }) => !managed.has(name)) } : side;
  };
  return { ...change, before: strip(change.before), after: strip(change.after) };
}

const managedPolicies = ({ resource_changes }: Plan): ReadonlySet<string> =>
  new Set(
    resource_changes
      .filter(({ type }) => type === "aws_iam_role_policy")
      .flatMap(({ change }) => [change.before, change.after] as ({ name?: string } | null)[])
      .flatMap((policy) => policy?.name ?? []),
  );
