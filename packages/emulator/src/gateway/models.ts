import { Validator } from "@cfworker/json-schema";
import type { ModelsConfig } from "../terraform/routes.ts";
import { compileSelection } from "./selection-expression.ts";

export type IsValidMessage = (body: string) => boolean;

/**
 * Compiles the request models of a route. The selection expression selects a model by the message; `$default` is the
 * fallback. A message without a model is invalid (RT-20 to RT-22). A route without models accepts every message.
 */
export function compileModels(models: ModelsConfig | undefined): IsValidMessage {
  if (!models) return () => true;
  const selectKey = compileSelection(models.selectionExpression);
  const validators = new Map(
    Object.entries(models.schemas).map(([key, schema]) => [key, new Validator(schema, "4")] as const),
  );
  return (body) => {
    const validator = validators.get(selectKey(body)) ?? validators.get("$default");
    const json = parse(body);
    return validator !== undefined && json !== undefined && validator.validate(json.value).valid;
  };
}

function parse(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}
