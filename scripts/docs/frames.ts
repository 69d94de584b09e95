import { readdirSync, readFileSync } from "node:fs";
import type { JsonSchema } from "@valibot/to-json-schema";
import { codes } from "../../chat/protocol/error-codes.ts";
import { table } from "./markdown.ts";
import { client, server } from "./schema.ts";

const FOLDER = new URL("../../docs/transcripts/", import.meta.url);

/** Transcripts of frames, by the route or type of frame that they show. A test replays each of them. */
export const transcripts: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER)
    .sort()
    .map((file) => [file.replace(/\.txt$/, ""), readFileSync(new URL(file, FOLDER), "utf8")]),
);

/** The fields of a frame, including those of nested objects. */
export const fieldTable = (frame: JsonSchema): string =>
  table(["field", "type", "required", "limits", "meaning"], rowsOf(frame, ""));

/** `within`: the path of the object that contains the fields, with a dot at its end, or "" for the frame itself. */
function rowsOf({ properties = {}, required = [] }: JsonSchema, within: string): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    if (typeof field === "boolean") return [];
    const need = required.includes(name) ? "required" : "optional";
    const row = [`\`${within}${name}\``, typeOf(field), need, limitsOf(field), field.description ?? ""];
    const nested = itemsOf(field);
    return [row, ...(nested ? rowsOf(nested, `${within}${name}[].`) : rowsOf(field, `${within}${name}.`))];
  });
}

function typeOf({ const: only, type, items, anyOf }: JsonSchema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (anyOf !== undefined) return anyOf.map((each) => typeOf(each as JsonSchema)).join(" or ");
  if (type !== "array") return String(type);
  if (typeof items !== "object" || !("properties" in items)) return "array of strings";
  const frame = frameTypeOf(items);
  return `array of ${frame === undefined ? "objects" : `[${frame}](#the-server-sends-${frame})`}`;
}

/** The objects in an array. Undefined: the array contains frames, which have sections of their own, or no objects. */
const itemsOf = ({ items }: JsonSchema): JsonSchema | undefined =>
  typeof items === "object" && "properties" in items && frameTypeOf(items) === undefined
    ? (items as JsonSchema)
    : undefined;

/** The type of a frame. Undefined: the object is not a frame. */
function frameTypeOf({ properties }: JsonSchema): string | undefined {
  const type = properties?.type;
  return typeof type === "object" && typeof type.const === "string" ? type.const : undefined;
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

/** Every frame that a client sends: its effect, its fields and a transcript. */
export const clientFrames = sectionsOf(client, (name, { description }) => [
  `### The client sends \`${name}\``,
  `The chat ${description}.`,
  fieldTable(client[name] ?? {}),
  shown(name),
]);

/** Every frame that a client gets. A reply's transcript is in the section of the client frame with the same name. */
export const serverFrames = sectionsOf(server, (name, frame) => [
  `### The server sends \`${name}\``,
  frame.description ?? "",
  fieldTable(frame),
  name in client ? `The transcript is at [the client's frame](#the-client-sends-${name}).` : shown(name),
]);

export function shown(name: string): string {
  const transcript = transcripts.get(name);
  if (transcript === undefined) throw new Error(`"${name}" has no transcript. Write docs/transcripts/${name}.txt.`);
  return `\`\`\`text\n${transcript.trimEnd()}\n\`\`\``;
}

function sectionsOf(
  frames: Readonly<Record<string, JsonSchema>>,
  section: (name: string, frame: JsonSchema) => readonly string[],
): string {
  const parts = Object.entries(frames).flatMap(([name, frame]) => section(name, frame));
  return `\n${parts.map((part) => part.trimEnd()).join("\n\n")}\n\n`;
}

const allTranscripts = [...transcripts.values()].join("\n");

/** An example from the transcripts. Some errors cannot be caused by a client, and have none. */
function detailOf(code: string): string {
  const found = new RegExp(`^\\w+< (\\{"type":"error","code":"${code}".*)$`, "m").exec(allTranscripts)?.[1];
  return found === undefined ? "" : `“${JSON.parse(found).detail}”`;
}

export const errorTable = table(
  ["code", "meaning, and what to do", "example of `detail`"],
  Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning, detailOf(code)]),
);
