import type { Route } from "../../handlers/routes.ts";
import { hasUsers } from "./authentication.ts";
import type { Environment } from "./settings.ts";

const NEED_GROUPS = ["channelMakers", "moderators", "privateChannels"] as const;

/** A setting that has no effect with the environment's authentication, and why; undefined if there is none. */
export function uselessIn(environment: Environment): string | undefined {
  const { kind } = environment.authentication;
  const byGroup = NEED_GROUPS.find((setting) => setting in environment);
  if (byGroup && (kind === "none" || kind === "iam")) {
    return `${byGroup}, which requires groups; the authentication "${kind}" has none. Use "cognito" or "jwt", or remove ${byGroup}`;
  }
  const countsUsers = environment.connectionsPerUserMax !== undefined;
  return countsUsers && kind === "none"
    ? 'connectionsPerUserMax, which requires authenticated users; the authentication "none" has none. Use another one, or remove connectionsPerUserMax'
    : undefined;
}

/** Whether the environment has the users or moderators that a route needs. */
export const isDeployed = ({ authentication, moderators }: Environment, { needs }: Route): boolean =>
  needs === undefined || (needs === "users" ? hasUsers(authentication) : moderators !== undefined);
