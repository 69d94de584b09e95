import type { OnRead } from "./source.ts";
import type { Fields, Result } from "./values.ts";

export interface FunctionContext {
  /** The folder of relative paths. */
  readonly folder: string;
  readonly onRead: OnRead;
  readonly template: (text: string, variables: Fields) => Result;
}

/** A function of Terraform. Throws an `EvaluationFault` if an argument is invalid. */
export type TerraformFunction = (args: readonly Result[], context: FunctionContext) => Result;
