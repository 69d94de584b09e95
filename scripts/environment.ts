import { join } from "node:path";
import { type Environment, environments } from "../infra/environments.ts";
import { stackName } from "../infra/names.ts";
import { SYNTHESIZED } from "./synthesize.ts";

/** The environment of that name, or the first. Throws, with those that there are, at any other. */
export function chooseEnvironment(name: string | undefined): Environment {
  const chosen = name === undefined ? environments[0] : environments.find((environment) => environment.name === name);
  if (chosen) return chosen;
  const names = environments.map((environment) => environment.name).join(", ");
  throw new Error(`There is no environment "${name}" in infra/environments.ts. Choose one of ${names}.`);
}

/** Where the environment's Terraform is, once it is synthesized. */
export const stackFolder = (environment: Environment): string => join(SYNTHESIZED, "stacks", stackName(environment));
