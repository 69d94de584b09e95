import * as v from "valibot";
import { jsonOf } from "../../chat/protocol/json.ts";
import type { Service } from "../../chatops/service.ts";

/** Gives a credential as it is stored. Throws where it is not what the service needs, without a word of what it holds. */
export function readCredential({ title, key, credential }: Service, text: string): string {
  const json = jsonOf(text);
  const read = v.safeParse(credential, json);
  if (read.success) return JSON.stringify(json);
  const fields = [...new Set(read.issues.map((issue) => v.getDotPath(issue)))].filter(Boolean);
  const wrong = fields.length > 0 ? `wrong or missing: ${fields.join(", ")}` : "it is no JSON object";
  throw new Error(
    `That is no credential of ${title}; ${wrong}. docs/chatops.md#enable-a-service says what "${key}" needs.`,
  );
}
