import { authorizer, routes, workers } from "../../handlers/routes.ts";
import { accessLogGroupName, functionLogGroupName } from "../../infra/names.ts";
import { takesTokens } from "../../infra/settings/authentication.ts";
import { isDeployed } from "../../infra/settings/authorization.ts";
import type { Environment } from "../../infra/settings/settings.ts";

/** An environment's log groups, by a short name of each. The settings say what they are called: nothing is looked up. */
export const logGroupsOf = (environment: Environment): Record<string, string> => ({
  ...Object.fromEntries(functionsOf(environment).map((name) => [name, functionLogGroupName(environment, name)])),
  ...(environment.accessLog && { "access-log": accessLogGroupName(environment) }),
});

function functionsOf(environment: Environment): string[] {
  const { authentication, chatOps } = environment;
  const deployed = routes.filter((route) => isDeployed(environment, route));
  const rows = [...(takesTokens(authentication) ? [authorizer] : []), ...deployed, ...workers];
  return [...rows.map(({ entry }) => entry), ...Object.keys(chatOps?.services ?? {})];
}
