import type { JsonSchema } from "@valibot/to-json-schema";
import { table } from "./table.ts";

/** The fields of a frame, those of objects within it too. */
export const fieldTable = (frame: JsonSchema): string =>
  table(["field", "type", "", "limits", "what it is"], rowsOf(frame, ""));

/** `within` ends in a dot, where there is one. */
function rowsOf({ properties = {}, required = [] }: JsonSchema, within: string): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    if (typeof field === "boolean") return [];
    const need = required.includes(name) ? "required" : "optional";
    const row = [`\`${within}${name}\``, typeOf(field), need, limitsOf(field), field.description ?? ""];
    return [row, ...rowsOf(field, `${within}${name}.`)];
  });
}

function typeOf({ const: only, type, items }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (type !== "array") return String(type);
  return `array of ${typeof items === "object" && "properties" in items ? frameOf(items) : "strings"}`;
}

/** The type of frame that the elements of an array are. */
function frameOf({ properties }: JsonSchema): string {
  const type = properties?.type;
  if (typeof type !== "object" || typeof type.const !== "string") throw new Error("An array holds what is no frame.");
  return `[${type.const}](#the-server-sends-${type.const})`;
}

function limitsOf(field: JsonSchema): string {
  const { minLength, maxLength, minimum, maximum, pattern, format, $comment } = field;
  const limits = [
    maxLength !== undefined && `${minLength ?? 0} to ${maxLength} characters`,
    maximum !== undefined && `${minimum} to ${maximum}`,
    pattern !== undefined && `\`${pattern}\``,
    format !== undefined && `a ${format} of ISO 8601`,
    $comment,
    field.default !== undefined && `\`${field.default}\` unless given`,
  ];
  return limits.filter(Boolean).join("; ");
}
