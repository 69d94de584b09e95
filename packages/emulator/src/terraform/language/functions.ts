import { collectionFunctions } from "./functions/collections.ts";
import { encodingFunctions } from "./functions/encoding.ts";
import { fileFunctions } from "./functions/files.ts";
import { numberFunctions } from "./functions/numbers.ts";
import { setFunctions } from "./functions/sets.ts";
import { textFunctions } from "./functions/text.ts";
import type { TerraformFunction } from "./terraform-function.ts";

/** https://developer.hashicorp.com/terraform/language/functions */
export const functions: Readonly<Record<string, TerraformFunction>> = {
  ...collectionFunctions,
  ...encodingFunctions,
  ...fileFunctions,
  ...numberFunctions,
  ...setFunctions,
  ...textFunctions,
};
