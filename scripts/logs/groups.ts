import { routes, workers } from "../../handlers/routes.ts";
import { accessLogGroupName, functionLogGroupName } from "../../infra/names.ts";
import type { Environment } from "../../infra/settings.ts";

/** An environment's log groups, by a short name of each. The settings say what they are called: nothing is looked up. */
export const logGroupsOf = (environment: Environment): Record<string, string> => ({
  ...Object.fromEntries([...routes, ...workers].map(({ entry }) => [entry, functionLogGroupName(environment, entry)])),
  ...(environment.accessLog && { "access-log": accessLogGroupName(environment) }),
});
