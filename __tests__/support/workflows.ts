import { readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Permissions;
  readonly env?: Env;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Env;
  readonly run?: string;
}

export type Permissions = Readonly<Record<string, string>>;
type Env = Readonly<Record<string, string>>;

const FOLDER = new URL("../../.github/workflows/", import.meta.url);

export const workflowFiles: readonly string[] = readdirSync(FOLDER);

export const workflowText = (file: string): string => readFileSync(new URL(file, FOLDER), "utf8");

export const workflow = (file: string): Workflow => load(workflowText(file)) as Workflow;

export function job(file: string, name: string): Job {
  const found = workflow(file).jobs[name];
  if (!found) throw new Error(`${file} has no job ${name}.`);
  return found;
}

/** The one step of that name. */
export function step({ steps }: Job, name: string): Step {
  const [found, ...more] = steps.filter((each) => each.name === name);
  if (!found || more.length > 0) throw new Error(`The job does not have one step "${name}".`);
  return found;
}
