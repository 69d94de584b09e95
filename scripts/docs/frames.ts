import type { JsonSchema } from "@valibot/to-json-schema";
import { fieldTable } from "./fields.ts";
import { client, server } from "./schema.ts";
import { transcripts } from "./transcripts.ts";

/** Every frame that a client sends: its effect, its fields and a transcript. */
export const clientFrames = sectionsOf(client, (name, { description }) => [
  `### The client sends \`${name}\``,
  `The chat ${description}.`,
  fieldTable(client[name] ?? {}),
  shown(name),
]);

/** Every frame that a client gets. The transcript of an answer is shown at the frame with the same name. */
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
