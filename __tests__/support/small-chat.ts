import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectCopy } from "./project-copy.ts";

/** A copy of the project that tests change and plan. */
export interface SmallChat {
  readonly folder: string;
  /** Puts other words into a file of the copy; throws where they are not there. */
  edit(file: string, from: string | RegExp, to: string): void;
  /** Writes a handler that answers this. */
  writeHandler(entry: string, body: string): void;
  /** Takes back all that was changed since it was made. */
  restore(): void;
}

/** Rows of the test's own, so that the chat's routes may grow and its goldens stay. */
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

/** The chat with four routes and one worker that do nothing: quick to apply, and its archives are always the same bytes. */
export function smallChat(): SmallChat {
  const folder = projectCopy();
  const originals = new Map<string, string | undefined>();

  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  function write(file: string, text: string, original: string | undefined): void {
    if (!originals.has(file)) originals.set(file, original);
    writeFileSync(join(folder, file), text);
  }
  function edit(file: string, from: string | RegExp, to: string): void {
    const text = read(file);
    const edited = text.replace(from, () => to);
    if (edited === text) throw new Error(`${file} has no ${from} to edit.`);
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
