import { type Plan, type ResourceChange, readPlan } from "../../src/plan.ts";
import { prices } from "../../src/prices.ts";
import { type Review, review } from "../../src/review.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** A resource change. By default, nothing changes. */
export interface Planned extends Partial<ResourceChange["change"]> {
  readonly before?: Attributes | null;
  readonly after?: Attributes | null;
  /** The configuration: strings with references, as in Terraform JSON, or expressions, as Terraform reports them for HCL. */
  readonly written?: Readonly<Record<string, Written>>;
}

type Written = string | readonly string[] | { readonly references: readonly string[] };

/** A plan with these resources, by address. */
export function aPlan(resources: Readonly<Record<string, Planned>>, rest: Partial<Plan> = {}): Plan {
  const parts = Object.entries(resources).map(([address, planned]) => {
    const [type = "", name = ""] = address.split(".");
    return { address, type, name, planned };
  });
  return {
    resource_changes: parts.map(({ planned, ...named }) => ({ ...named, mode: "managed", change: changeOf(planned) })),
    resource_drift: [],
    deferred_changes: [],
    output_changes: {},
    action_invocations: [],
    deferred_action_invocations: [],
    checks: [],
    complete: true,
    unknown_sections: [],
    configuration: {
      root_module: {
        resources: parts.map(({ type, name, planned: { written = {} } }) => ({
          type,
          name,
          expressions: Object.fromEntries(
            Object.entries(written).map(([attribute, value]) => [
              attribute,
              typeof value === "object" && "references" in value ? value : { constant_value: value },
            ]),
          ),
        })),
      },
    },
    ...rest,
  };
}

function changeOf({ written: _, ...change }: Planned): ResourceChange["change"] {
  const { before = null, after = before } = change;
  return { ...change, before, after, actions: change.actions ?? [doneTo(before, after)] };
}

function doneTo(before: unknown, after: unknown): string {
  if (before === null) return "create";
  if (after === null) return "delete";
  return before === after ? "no-op" : "update";
}

/** The review of such a plan. */
export const aReview = (resources: Readonly<Record<string, Planned>>, rest: Partial<Plan> = {}): Review =>
  review({ stack: "chat-dev", plan: aPlan(resources, rest), prices, archiveBytes: () => undefined });

/** A plan in the format of `terraform show -json`. */
export const readPlanOf = (own: object): Plan => readPlan(JSON.stringify({ format_version: "1.2", ...own }));
