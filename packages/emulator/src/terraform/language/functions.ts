import { collectionFunctions } from "./functions/collections.ts";
import { encodingFunctions } from "./functions/encoding.ts";
import { fileFunctions } from "./functions/files.ts";
import { numberFunctions } from "./functions/numbers.ts";
import { setFunctions } from "./functions/sets.ts";
import { textFunctions } from "./functions/text.ts";
import type { Fields, Result } from "./values.ts";

export interface FunctionContext {
  /** The folder of relative paths. */
  readonly folder: string;
  readonly template: (text: string, variables: Fields) => Result;
}

/** A function of Terraform. Throws an `EvaluationFault` if an argument is invalid. */
export type TerraformFunction = (args: readonly Result[], context: FunctionContext) => Result;

/** https://developer.hashicorp.com/terraform/language/functions */
export const functions: Readonly<Record<string, TerraformFunction>> = {
  ...collectionFunctions,
  ...encodingFunctions,
  ...fileFunctions,
  ...numberFunctions,
  ...setFunctions,
  ...textFunctions,
};
