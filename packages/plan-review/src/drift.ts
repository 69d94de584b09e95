import { calledAt } from "./nouns.ts";
import type { Phrase } from "./phrase.ts";
import { actionOf, isForgotten, isReplaced, type Plan } from "./plan.ts";
import type { Sides } from "./resource-states.ts";
import { type Difference, differencesOf } from "./values.ts";

/** A change that was not made by Terraform. */
export interface Drift {
  readonly address: string;
  readonly does: "deleted" | "changed";
  readonly differences: readonly Difference[];
}

/** A refresh also fills in attributes that Terraform did not know. Only changes of known values are drift. */
export function driftOf(plan: Plan): Drift[] {
  const managed = managedPolicies(plan);
  return plan.resource_drift.flatMap(({ address, change }): Drift[] => {
    if (actionOf(change) === "delete") return [{ address, does: "deleted", differences: [] }];
    const differences = differencesOf(withoutManaged(change, managed));
    return differences.length === 0 ? [] : [{ address, does: "changed", differences }];
  });
}

type Role = { readonly inline_policy?: readonly { readonly name: string }[] } | null;

/** AWS reports all inline policies of a role as the role's own. Those that Terraform manages are not drift. */
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

/** A resource that stays in AWS while Terraform stops managing it. */
export interface Forgotten {
  readonly called: Phrase;
  /** Whether Terraform creates another one in its place. */
  readonly isReplaced: boolean;
}

export const forgottenIn = ({ resource_changes }: Plan, { before }: Sides): Forgotten[] =>
  resource_changes
    .filter(({ change }) => isForgotten(change))
    .flatMap(({ address, change }) =>
      before
        .filter((state) => state.address === address)
        .slice(-1)
        .map((state) => ({ called: calledAt(state), isReplaced: isReplaced(change) })),
    );
