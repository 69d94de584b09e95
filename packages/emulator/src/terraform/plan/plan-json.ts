import type { Attributes, Value } from "../configuration.ts";

/** The output of `terraform show -json PLAN`. https://developer.hashicorp.com/terraform/internals/json-format */
export interface PlanJson {
  readonly format_version: string;
  readonly variables?: Readonly<Record<string, { readonly value?: Value }>>;
  readonly planned_values: { readonly root_module: PlannedModule };
  readonly resource_changes?: readonly ResourceChange[];
  readonly configuration: {
    readonly provider_config?: Readonly<
      Record<string, { readonly alias?: string; readonly expressions?: Expressions }>
    >;
    readonly root_module: ModuleConfiguration;
  };
}

export interface PlannedModule {
  /** Absent in the root module. */
  readonly address?: string;
  readonly resources?: readonly PlannedResource[];
  readonly child_modules?: readonly PlannedModule[];
}

export interface PlannedResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  /** Absent if no value is known. */
  readonly values?: Attributes;
}

export interface ResourceChange {
  readonly address: string;
  readonly change: { readonly after_unknown?: Value };
}

/** An expression, or a list of nested blocks. */
export type ExpressionConfiguration =
  | { readonly constant_value?: Value; readonly references?: readonly string[] }
  | readonly Expressions[];

export type Expressions = Readonly<Record<string, ExpressionConfiguration>>;

export interface ModuleConfiguration {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly expressions?: Expressions;
  }[];
  readonly module_calls?: Readonly<
    Record<string, { readonly expressions?: Expressions; readonly module: ModuleConfiguration }>
  >;
  readonly outputs?: Readonly<Record<string, { readonly expression?: ExpressionConfiguration }>>;
}

export const referencesOf = (expression: ExpressionConfiguration | undefined): readonly string[] =>
  expression && "references" in expression ? (expression.references ?? []) : [];
