import { Validator } from "@cfworker/json-schema";
import type { ModelsConfig } from "../terraform/routes.ts";
import { routeSelection } from "./route-selection.ts";

/** Whether a message is one that its route takes. */
export type ValidateMessage = (body: string) => boolean;

/**
 * Prepares the models of a route: the expression chooses one by the message, else there is `$default`, else the
 * message does not pass (RT-20 to RT-22). A route without models takes everything.
 */
export function messageValidation(models: ModelsConfig | undefined): ValidateMessage {
  if (!models) return () => true;
  const selectKey = routeSelection(models.selectionExpression);
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
