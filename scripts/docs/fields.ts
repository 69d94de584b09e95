import type { JsonSchema } from "@valibot/to-json-schema";
import { table } from "./table.ts";

/** The fields of a frame, including those of nested objects. */
export const fieldTable = (frame: JsonSchema): string =>
  table(["field", "type", "", "limits", "meaning"], rowsOf(frame, ""));

/** `within`: the path of the object that contains the fields, with a dot at its end, or "" for the frame itself. */
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

/** A link to the type of frame that an array contains. */
function frameOf({ properties }: JsonSchema): string {
  const type = properties?.type;
  if (typeof type !== "object" || typeof type.const !== "string")
    throw new Error(
      "An array contains objects that are not frames. Give their schema a `type` literal, as chat/protocol/server-frames.ts does.",
    );
  return `[${type.const}](#the-server-sends-${type.const})`;
}

function limitsOf(field: JsonSchema): string {
  const { minLength, maxLength, minimum, maximum, pattern, format, $comment } = field;
  const limits = [
    maxLength !== undefined && `${minLength ?? 0} to ${maxLength} characters`,
    maximum !== undefined && `${minimum} to ${maximum}`,
    pattern !== undefined && `\`${pattern}\``,
    format !== undefined && `ISO 8601 ${format}`,
    $comment,
    field.default !== undefined && `default: \`${field.default}\``,
  ];
  return limits.filter(Boolean).join("; ");
}
