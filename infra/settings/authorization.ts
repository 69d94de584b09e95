import * as v from "valibot";
import { CHANNEL_NAME, isPrivate } from "../../chat/channel.ts";
import type { Route } from "../../handlers/routes.ts";
import { hasUsers } from "./authentication.ts";
import { printable } from "./rules.ts";
import type { Environment } from "./settings.ts";

const someGroups = v.pipe(
  v.array(printable("names of groups, as tokens have them"), "a list of groups"),
  v.minLength(1, "at least one group; to use the default, remove the setting"),
);

/** Who may do what, by the groups that tokens tell of. */
export const authorization = {
  /** Whose members may make channels. Without it, everybody may. */
  channelMakers: v.exactOptional(someGroups),
  /** The groups whose members may kick, ban, mute and delete. Without it, these routes do not exist. */
  moderators: v.exactOptional(someGroups),
  /** Channels that are there for the members of groups alone, by name. */
  privateChannels: v.exactOptional(
    v.record(
      v.message(
        v.pipe(
          v.string(),
          v.check((name) => isPrivate(name) && CHANNEL_NAME.test(name)),
        ),
        'names of channels with a ~ before them, such as "~ops"',
      ),
      someGroups,
      "an object of channels and lists of groups",
    ),
  ),
} as const;

/** A setting that has no effect with the environment's authentication, and why; undefined if there is none. */
export function uselessIn(environment: Environment): string | undefined {
  const { kind } = environment.authentication;
  const byGroup = Object.keys(authorization).find((setting) => setting in environment);
  if (byGroup && (kind === "none" || kind === "iam")) {
    return `${byGroup}, which requires groups; the authentication "${kind}" has none. Use "cognito" or "jwt", or remove ${byGroup}`;
  }
  const countsUsers = environment.connectionsPerUserMax !== undefined;
  return countsUsers && kind === "none"
    ? 'connectionsPerUserMax, which requires authenticated users; the authentication "none" has none. Use another one, or remove connectionsPerUserMax'
    : undefined;
}

/** Whether the environment has what a route is of use to. */
export const isDeployed = ({ authentication, moderators }: Environment, { needs }: Route): boolean =>
  needs === undefined || (needs === "users" ? hasUsers(authentication) : moderators !== undefined);

/** Whom `join` lets in where. */
export const accessOf = ({ channelMakers, privateChannels }: Environment): Record<string, string> => ({
  ...(channelMakers && { CHANNEL_MAKERS: JSON.stringify(channelMakers) }),
  ...(privateChannels && { PRIVATE_CHANNELS: JSON.stringify(privateChannels) }),
});

export const moderatorsOf = ({ moderators }: Environment): Record<string, string> =>
  moderators ? { MODERATORS: JSON.stringify(moderators) } : {};
