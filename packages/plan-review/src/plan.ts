/** The parts of `terraform show -json` that the review reads. https://developer.hashicorp.com/terraform/internals/json-format */
export interface Plan {
  readonly resource_changes: readonly ResourceChange[];
  /** Changes that were made outside of Terraform. */
  readonly resource_drift: readonly ResourceChange[];
  /** Changes that only a later plan can describe. */
  readonly deferred_changes: readonly DeferredChange[];
  readonly output_changes: Readonly<Record<string, Change>>;
  /** Provider actions that the apply runs, from Terraform 1.14. */
  readonly action_invocations: readonly ActionInvocation[];
  readonly deferred_action_invocations: readonly DeferredInvocation[];
  readonly checks: readonly Check[];
  /** False after `-target`, and if changes are deferred. Terraform before 1.8 does not report it. */
  readonly complete: boolean;
  /** Sections of the plan that are not empty and that are unknown in every version of the format that this review reads. */
  readonly unknown_sections: readonly string[];
  readonly configuration: { readonly root_module: ConfiguredModule };
}

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data" | string;
  readonly type: string;
  readonly name: string;
  /** Set if the change is to an object that an interrupted replacement left behind. */
  readonly deposed?: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** `true` at the path of each value that is known after apply. */
  readonly after_unknown?: unknown;
  /** `true` at the path of each sensitive value. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** The attributes that cannot be changed in place. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: object | null;
}

export interface DeferredChange {
  /** `resource_config_unknown` */
  readonly reason: string;
  readonly resource_change: ResourceChange;
}

export interface ActionInvocation {
  /** `action.aws_lambda_invoke.wipe` */
  readonly address: string;
  readonly config_values?: unknown;
  readonly config_sensitive?: unknown;
  readonly config_unknown?: unknown;
  /** Missing if `-invoke` requests the action. */
  readonly lifecycle_action_trigger?: {
    readonly triggering_resource_address?: string;
    /** `AfterCreate` */
    readonly action_trigger_event?: string;
  };
}

export interface DeferredInvocation {
  readonly reason: string;
  readonly action_invocation: ActionInvocation;
}

/** A condition, or a `check` block. */
export interface Check {
  readonly address: { readonly to_display: string };
  readonly status: "pass" | "fail" | "error" | "unknown" | string;
  readonly instances?: readonly { readonly problems?: readonly { readonly message: string }[] }[];
}

export interface ConfiguredModule {
  readonly resources?: readonly ConfiguredResource[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ConfiguredModule }>>;
}

/** As written, before references are resolved. */
export interface ConfiguredResource {
  readonly type: string;
  readonly name: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
  readonly provisioners?: readonly { readonly type: string }[];
}

/** One word for each combination of actions; a replacement deletes the old resource or forgets it. */
export type Action =
  | "create"
  | "update"
  | "replace"
  | "replace and forget"
  | "delete"
  | "forget"
  | "read"
  | "no-op"
  | "unknown";

const SUPPORTED_FORMAT = /^1\.\d+$/;

/** Every section of format 1.2. The review reads some; the others repeat them or change nothing. */
const KNOWN_SECTIONS = [
  "action_invocations",
  "applyable",
  "checks",
  "complete",
  "configuration",
  "deferred_action_invocations",
  "deferred_changes",
  "errored",
  "format_version",
  "output_changes",
  "planned_values",
  "prior_state",
  "proposed_unknown",
  "relevant_attributes",
  "resource_changes",
  "resource_drift",
  "terraform_version",
  "timestamp",
  "variables",
];

/** Keyed by the actions in alphabetical order, because their original order only shows which one Terraform does first. */
const ACTIONS: Readonly<Record<string, Action>> = {
  create: "create",
  "create, delete": "replace",
  "create, forget": "replace and forget",
  delete: "delete",
  forget: "forget",
  "no-op": "no-op",
  read: "read",
  update: "update",
};

/** Reads a plan. Throws if the text is not a plan, has another major version, or if Terraform failed to plan. */
export function readPlan(text: string): Plan {
  const { format_version, errored, configuration, ...sections } = JSON.parse(text);
  if (typeof format_version !== "string" || !SUPPORTED_FORMAT.test(format_version)) {
    throw new Error(
      `The plan has the format version ${JSON.stringify(format_version)}. This review reads versions 1.x, which ` +
        "`terraform show -json PLANFILE` writes from Terraform 1.1 on. Use such a Terraform, or update this review.",
    );
  }
  if (errored) {
    throw new Error(
      "Terraform could not complete this plan. Fix the errors that `terraform plan` reports and plan again.",
    );
  }
  const read = Object.fromEntries(
    Object.keys(EMPTY)
      .map((name) => [name, sections[name]])
      .filter(([, value]) => value != null),
  );
  return {
    ...EMPTY,
    ...read,
    unknown_sections: Object.keys(sections).filter(
      (name) => !KNOWN_SECTIONS.includes(name) && !isEmpty(sections[name]),
    ),
    configuration: { root_module: configuration?.root_module ?? {} },
  };
}

const EMPTY = {
  resource_changes: [],
  resource_drift: [],
  deferred_changes: [],
  output_changes: {},
  action_invocations: [],
  deferred_action_invocations: [],
  checks: [],
  complete: true,
};

const isEmpty = (section: unknown): boolean =>
  !section || (typeof section === "object" && Object.keys(section).length === 0);

/** Terraform's actions in one word, or `unknown` for a combination that this review does not know. */
export const actionOf = ({ actions }: Change): Action => ACTIONS[[...(actions ?? [])].sort().join(", ")] ?? "unknown";

/** Whether the resource is deleted. Terraform recommends looking for `delete` in any combination of actions. */
export const isLoss = ({ actions }: Change): boolean => (actions ?? []).includes("delete");

/** Whether a resource stays in AWS and Terraform stops managing it. */
export const isForgotten = ({ actions }: Change): boolean => (actions ?? []).includes("forget");

/** Whether a new resource takes the place of the old one. */
export const isReplaced = (change: Change): boolean => ["replace", "replace and forget"].includes(actionOf(change));
