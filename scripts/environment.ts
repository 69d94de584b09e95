import type { Environment } from "../infra/settings/settings.ts";

/** Returns the environment of this name, or the first one without a name. Throws if the name is unknown. */
export function chooseEnvironment(name: string | undefined, environments: readonly Environment[]): Environment {
  const chosen = environments.find((environment) => name === undefined || environment.name === name);
  if (chosen) return chosen;
  const names = environments.map((environment) => environment.name).join(", ");
  throw new Error(`There is no environment "${name}" in infra/environments.ts. Choose one of ${names}.`);
}
