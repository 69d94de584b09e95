import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectCopy } from "../project-copy.ts";
import { ENABLED } from "./enabled.ts";

/** The project in another folder, with every service enabled in each environment that takes its authentication from all. */
export function chatOpsProject(): string {
  const project = projectCopy();
  const settings = join(project, "infra", "environments.ts");
  const { authentication, chatOps } = ENABLED;
  const own = `authentication: ${JSON.stringify(authentication)}, chatOps: ${JSON.stringify(chatOps)},`;
  const enabled = readFileSync(settings, "utf8")
    .replace('  authentication: { kind: "none" },\n', "")
    .replace('name: "dev",', `name: "dev", ${own}`)
    .replace('name: "prod",', 'name: "prod", authentication: { kind: "none" },');
  writeFileSync(settings, enabled);
  return project;
}
