import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../infra/settings/settings.ts";
import { projectCopy } from "./project-copy.ts";

/** A copy of the project that tests change and plan. */
export interface SmallChat {
  readonly folder: string;
  /** Replaces text in a file of the copy. Throws if the text is missing. */
  edit(file: string, from: string | RegExp, to: string): void;
  /** Writes a handler that returns this body. */
  writeHandler(entry: string, body: string): void;
  /** Reverts all changes. */
  restore(): void;
}

/** Fixed rows, so that recorded reviews do not change with the chat's routes. */
const ROUTES = `export const routes: readonly Route[] = [
  { key: "$connect", entry: "connect", does: "", timeoutSeconds: 10, grants: ["write connections", "push"], settings: [["metricsNamespace", "tableName", "managementEndpoint", "authentication", "checksBans"]] },
  { key: "$default", entry: "default", does: "", timeoutSeconds: 3, routeResponse: true, grants: [], settings: [["metricsNamespace"]] },
  { key: "sendmessage", entry: "send-message", does: "", timeoutSeconds: 25, grants: ["write messages", "invoke fan-out"], settings: [["metricsNamespace", "tableName", "messageRetentionDays", "fanOutFunction"]] },
  { key: "history", entry: "history", does: "", timeoutSeconds: 5, routeResponse: true, grants: ["read messages"], settings: [["metricsNamespace", "tableName", "messageRetentionDays"]] },
];`;

const WORKERS = `export const workers: readonly FunctionDefinition[] = [
  { entry: "fan-out", does: "", timeoutSeconds: 60, grants: ["read members", "push"], settings: [["metricsNamespace", "tableName", "managementEndpoint", "presenceMembersMax"]] },
];`;

const ENTRIES = ["connect", "default", "send-message", "history", "fan-out"];

/**
 * The chat with four routes and one worker without effects. It is quick to apply, and its archives never change. `own`
 * overrides settings of the first environment.
 */
export function smallChat(own: Partial<Environment> = {}): SmallChat {
  const folder = projectCopy({ environment: own });
  const originals = new Map<string, string | undefined>();

  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  function write(file: string, text: string, original: string | undefined): void {
    if (!originals.has(file)) originals.set(file, original);
    writeFileSync(join(folder, file), text);
  }
  function edit(file: string, from: string | RegExp, to: string): void {
    const text = read(file);
    const edited = text.replace(from, () => to);
    if (edited === text) throw new Error(`${file} does not contain ${from}.`);
    write(file, edited, text);
  }
  function writeHandler(entry: string, body: string): void {
    const file = `handlers/${entry}.ts`;
    const original = ENTRIES.includes(entry) ? read(file) : undefined;
    write(file, `export const handler = async () => ({ statusCode: 200, body: "${body}" });\n`, original);
  }

  edit("handlers/routes.ts", /export const routes: .*?\n\];/s, ROUTES);
  edit("handlers/routes.ts", /export const workers: .*?\n\];/s, WORKERS);
  for (const entry of ENTRIES) writeHandler(entry, "");
  originals.clear();

  return {
    folder,
    edit,
    writeHandler,
    restore() {
      for (const [file, text] of originals) {
        if (text === undefined) rmSync(join(folder, file));
        else writeFileSync(join(folder, file), text);
      }
      originals.clear();
    },
  };
}
