import { type Plan, type ResourceChange, readPlan } from "../../src/plan.ts";
import { prices } from "../../src/prices.ts";
import { type Review, review } from "../../src/review.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** A resource of a plan that stays as it is, unless it is told otherwise. */
export interface Planned extends Partial<ResourceChange["change"]> {
  readonly before?: Attributes | null;
  readonly after?: Attributes | null;
  /** As the configuration has it: texts with references in them, as in JSON, or what HCL tells of them. */
  readonly written?: Readonly<Record<string, Written>>;
}

type Written = string | readonly string[] | { readonly references: readonly string[] };

/** A plan of resources by their addresses. */
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

/** A plan as Terraform prints it, unless it is told otherwise. */
export const readPlanOf = (own: object): Plan => readPlan(JSON.stringify({ format_version: "1.2", ...own }));
