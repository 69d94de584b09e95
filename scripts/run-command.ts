import type { Environment } from "../infra/settings/settings.ts";

/** Runs a command. An error is printed on one line, with a line for each item if it contains a list. The exit code is then 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  // The SDK warns about Node.js versions that it will drop. Deployed functions use Lambda's version and not this one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  try {
    await command();
  } catch (fault) {
    console.error((fault as Error).message.replaceAll(/\s*\n(?! {2}- )\s*/g, " "));
    process.exitCode = 1;
  }
}

/** Throws if `--endpoint` is not an address such as that of `npm start`. */
export function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined || (/^https?:/.test(endpoint) && URL.canParse(endpoint))) return;
  throw new Error(
    `--endpoint is "${endpoint}"; it must be a URL such as http://127.0.0.1:40001, which npm start prints as Services (AWS).`,
  );
}

/** Returns the environment of this name, or the first one without a name. Throws if the name is unknown. */
export function chooseEnvironment(name: string | undefined, environments: readonly Environment[]): Environment {
  const chosen = environments.find((environment) => name === undefined || environment.name === name);
  if (chosen) return chosen;
  const names = environments.map((environment) => environment.name).join(", ");
  throw new Error(`There is no environment "${name}" in infra/environments.ts. Choose one of ${names}.`);
}
