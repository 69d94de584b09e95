/** What the review reads of `terraform show -json`. https://developer.hashicorp.com/terraform/internals/json-format */
export interface Plan {
  readonly resource_changes: readonly ResourceChange[];
  /** What has become of resources since Terraform last saw them. */
  readonly resource_drift: readonly ResourceChange[];
  readonly output_changes: Readonly<Record<string, Change>>;
  readonly configuration: { readonly root_module: { readonly resources?: readonly ConfiguredResource[] } };
}

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** `true` in the places of values that are known after apply. */
  readonly after_unknown?: unknown;
  /** `true` in the places of values that nobody may see. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** The attributes that cannot be changed in place. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: object;
}

/** As written, before anything was put in the place of its references. */
export interface ConfiguredResource {
  readonly type: string;
  readonly name: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
}

/** Of one action each: `delete` and `create` together replace. */
export type Action = "create" | "update" | "replace" | "delete" | "forget" | "read" | "no-op";

const SUPPORTED_FORMAT = /^1\./;

/** Reads a plan. Throws at what is none, at a format of later days, and at a plan that Terraform did not finish. */
export function readPlan(text: string): Plan {
  const { format_version, errored, resource_changes, resource_drift, output_changes, configuration } = JSON.parse(text);
  if (typeof format_version !== "string" || !SUPPORTED_FORMAT.test(format_version)) {
    throw new Error(`The plan's format is "${format_version}"; it must be 1.x, as \`terraform show -json\` writes it.`);
  }
  if (errored) throw new Error("Terraform did not finish this plan. Mend what it complained of and plan again.");
  return {
    resource_changes: resource_changes ?? [],
    resource_drift: resource_drift ?? [],
    output_changes: output_changes ?? {},
    configuration: configuration ?? { root_module: {} },
  };
}

/** Terraform's actions in one word. Those it may learn later keep their own names. */
export function actionOf({ actions }: Change): Action | string {
  if (actions.length === 1) return actions[0] as string;
  return actions.includes("delete") && actions.includes("create") ? "replace" : actions.join(", ");
}

/** Whether a resource is there no more, or anew and empty. */
export const isLoss = (change: Change): boolean => ["delete", "replace"].includes(actionOf(change));
