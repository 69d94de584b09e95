import { parseArgs } from "node:util";
import type { Environment } from "../../infra/settings/settings.ts";
import { chooseEnvironment } from "../run-command.ts";

export interface PlanFlags {
  readonly environment: Environment;
  readonly markdown: boolean;
  readonly guard: boolean;
  readonly destroy: boolean;
  readonly help: boolean;
}

export const HELP = `Plans a change with Terraform and says what it does to data, routes, permissions, code, settings and cost.

  npm run plan -- [flags]

  --environment NAME  the environment (the first)
  --markdown          as a comment for a pull request
  --guard             end with exit code 3 if data will be lost
  --destroy           plan the deletion of the environment
  --help              this text

Exit code 0; 1 if it cannot plan. It requires terraform on the PATH and AWS credentials with read access.`;

const FLAGS = {
  environment: { type: "string" },
  markdown: { type: "boolean", default: false },
  guard: { type: "boolean", default: false },
  destroy: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Reads the command line. An error names what is allowed. */
export function readPlanFlags(args: readonly string[], environments: readonly Environment[]): PlanFlags {
  const { environment: name, ...flags } = parseArgs({ args: [...args], options: FLAGS }).values;
  return { ...flags, environment: chooseEnvironment(name, environments) };
}
