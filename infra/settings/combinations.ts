import { services } from "../../chatops/services.ts";
import { authorizer, routes, workers } from "../../handlers/routes.ts";
import { LISTS_BYTES_MAX, VARIABLES_BYTES_MAX, variablesBytes } from "../constructs/function-variables.ts";
import { NAME_CHARACTERS_MAX } from "../names.ts";
import { tokensOf } from "./authentication.ts";
import { accessOf, moderatorsOf, uselessIn } from "./authorization.ts";
import { chatOpsRefusal } from "./chat-ops.ts";
import { unavailableIn } from "./region-availability.ts";
import { defaultQuota } from "./regions.ts";
import type { Environment, StateBucket } from "./settings.ts";

/* Settings that are valid alone but not together. Each message continues "The environment "dev" has …". */

export interface Surroundings {
  readonly project: string;
  /** The environments before this one. */
  readonly others: readonly Environment[];
  readonly stateBucket: StateBucket | undefined;
}

/** What is wrong with an environment as a whole; undefined if nothing is. */
export const refusalOf = (environment: Environment, { project, others, stateBucket }: Surroundings) =>
  longName(project, environment) ??
  takenBy(others, environment) ??
  missingBucket(environment, stateBucket) ??
  throttleBeyondQuota(environment) ??
  unavailableIn(environment) ??
  uselessIn(environment) ??
  (environment.chatOps && chatOpsRefusal(environment.authentication.kind)) ??
  longLists(environment);

/**
 * The longest name that any setting can add, enabled or not, so that a deployed name stays valid when a setting is enabled.
 * Alarms are not included, because CloudWatch allows 255 characters.
 */
const LONGEST_NAME = [
  ...[...routes, ...workers, authorizer].map(({ entry }) => entry),
  ...workers.map(({ entry }) => `${entry}-failed`),
  ...services.flatMap(({ key }) => [`${key}-failed`, `${key}-schedule`]),
].reduce((longest, name) => (name.length > longest.length ? name : longest));

function longName(project: string, { name }: Environment): string | undefined {
  const longest = `${project}-${name}-${LONGEST_NAME}`;
  const over = longest.length - NAME_CHARACTERS_MAX;
  if (over <= 0) return undefined;
  return `a name of ${name.length} characters; allowed: ${name.length - over} with the PROJECT "${project}", because AWS allows ${NAME_CHARACTERS_MAX} in "${longest}". Make the name or PROJECT shorter by ${over}`;
}

/** A value that another environment already uses. A token for one environment must not be valid in another. */
function takenBy(others: readonly Environment[], environment: Environment): string | undefined {
  const { name, domain, authentication } = environment;
  if (others.some((other) => other.name === name)) return "the same name as another environment";
  const host = domain && others.find((other) => other.domain?.name === domain.name);
  if (host) return `the domain ${domain.name}, which the environment "${host.name}" already has`;
  const tokens = tokensOf(authentication);
  const twin = tokens && others.find((other) => tokensOf(other.authentication) === tokens);
  return twin ? `the same tokens as the environment "${twin.name}": ${tokens}` : undefined;
}

const missingBucket = ({ remoteState }: Environment, stateBucket: StateBucket | undefined): string | undefined =>
  remoteState && !stateBucket ? "remoteState, but STATE_BUCKET is undefined" : undefined;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html */
function throttleBeyondQuota({ throttle, throttleQuota, region }: Environment): string | undefined {
  const quota = throttleQuota ?? defaultQuota(region);
  if (throttle.requestsPerSecond <= quota.requestsPerSecond && throttle.burst <= quota.burst) return undefined;
  const received = `a throttle of ${throttle.requestsPerSecond} requests per second and a burst of ${throttle.burst}`;
  const allowed = `${quota.requestsPerSecond} and ${quota.burst}, the ${throttleQuota ? "throttleQuota" : "default quota of an account"} in ${region}`;
  return `${received}; allowed: ${allowed}. If AWS has raised the account's quota, set throttleQuota to it`;
}

/** The variables of a function that come from settings without a length limit. */
const listsOf = (environment: Environment): Readonly<Record<string, Readonly<Record<string, string>>>> => {
  const { allowedOrigins, authentication, chatOps } = environment;
  return {
    allowedOrigins: allowedOrigins ? { ALLOWED_ORIGINS: allowedOrigins.join(" ") } : {},
    "channelMakers and privateChannels": accessOf(environment),
    moderators: moderatorsOf(environment),
    authentication: { TOKEN_RULES: JSON.stringify(authentication) },
    "chatOps.groups": { CHAT_OPS_RULES: JSON.stringify(chatOps?.groups ?? {}) },
  };
};

function longLists(environment: Environment): string | undefined {
  for (const [setting, variables] of Object.entries(listsOf(environment))) {
    const bytes = variablesBytes(variables);
    if (bytes > LISTS_BYTES_MAX) {
      return `${setting} of ${bytes} bytes; allowed: ${LISTS_BYTES_MAX}, because a function gets it in its variables, and Lambda allows ${VARIABLES_BYTES_MAX} bytes for all of them. Make it shorter`;
    }
  }
  return undefined;
}
