import { variablesOf } from "../../aws/config.ts";
import { partitionOf } from "../../aws/partition.ts";
import { services } from "../../chatops/services.ts";
import { authorizer, eventSender, type FunctionDefinition, routes, workers } from "../../handlers/routes.ts";
import { NAME_CHARACTERS_MAX } from "../names.ts";
import { hasUsers, tokensOf } from "./authentication.ts";
import { chatOpsRefusal } from "./chat-ops.ts";
import { functionSettingsIn } from "./function-settings.ts";
import { defaultQuota, WITHOUT_FUNCTION_URLS } from "./regions.ts";
import type { Environment, StateBucket } from "./settings.ts";
import { pageClientIn, websiteIn, websiteOrigins, websiteRefusal } from "./website.ts";

/* Settings that are valid alone but not together. Each message completes the sentence `The environment "dev" has …`. */

export interface OtherSettings {
  readonly project: string;
  /** The environments before this one. */
  readonly others: readonly Environment[];
  readonly stateBucket: StateBucket | undefined;
}

/** The reason why the settings of an environment do not work together; undefined if they do. */
export const refusalOf = (environment: Environment, { project, others, stateBucket }: OtherSettings) =>
  longName(project, environment) ??
  takenBy(others, environment) ??
  missingBucket(environment, stateBucket) ??
  throttleBeyondQuota(environment) ??
  unavailableIn(environment) ??
  ineffectiveSetting(environment) ??
  receiptsWithoutMarkers(environment) ??
  (environment.chatOps && chatOpsRefusal(environment.authentication.kind)) ??
  websiteRefusal(environment) ??
  longLists(environment);

/**
 * The longest name that any setting can add, enabled or not, so that a deployed name stays valid when a setting is enabled.
 * Alarms are not included, because CloudWatch allows 255 characters.
 */
const LONGEST_NAME = [
  ...[...routes, ...workers, eventSender, authorizer].map(({ entry }) => entry),
  ...[...workers, eventSender].map(({ entry }) => `${entry}-failed`),
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
  const { name } = environment;
  if (others.some((other) => other.name === name)) return "the same name as another environment";
  for (const other of others) {
    const host = domainsOf(environment).find((each) => domainsOf(other).includes(each));
    if (host) return `the domain ${host}, which the environment "${other.name}" already has`;
    const tokens = acceptedTokens(environment).find((each) => acceptedTokens(other).includes(each));
    if (tokens) return `the same tokens as the environment "${other.name}": ${tokens}`;
  }
  return undefined;
}

const domainsOf = (environment: Environment): readonly string[] =>
  [environment.domain, websiteIn(environment)?.domain].flatMap((domain) => domain?.name ?? []);

const acceptedTokens = (environment: Environment): readonly string[] =>
  tokensOf(environment.authentication, pageClientIn(environment));

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

/** A setting whose AWS service does not exist in the environment's region, and the remedy; undefined if all exist. */
function unavailableIn({ region, authentication, domain, review, publish }: Environment): string | undefined {
  const { name: partition } = partitionOf(region);
  // https://docs.amazonaws.cn/en_us/aws/latest/userguide/cognito.html
  if (partition === "aws-cn" && authentication.kind === "cognito") {
    return `the authentication "cognito", but Amazon Cognito has no user pools in ${region}. Use "jwt" with an issuer of your own`;
  }
  const reviewRegion = review?.functionArn.split(":")[3] ?? region;
  if (reviewRegion !== region) {
    return `a review function in the region ${reviewRegion}; allowed: ${region}. Deploy the function there`;
  }
  // https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-r53.html
  if (partition === "aws-us-gov" && domain) {
    return `a domain, but Amazon Route 53 has no public hosted zones in ${region}. Remove domain, and create the domain name manually`;
  }
  if (publish?.functionUrl && WITHOUT_FUNCTION_URLS.includes(region)) {
    return `publish.functionUrl, but AWS Lambda has no function URLs in ${region}. Remove functionUrl, and call lambda:Invoke instead, as \`npm run say\` does`;
  }
  return undefined;
}

/** The limit for all variables of a function together. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const VARIABLES_BYTES_MAX = 4_096;

/** Reserved for the other variables of a function: names, addresses and numbers at their maximum length. */
const OTHER_VARIABLES_BYTES = 1_024;

/** For settings without their own length limit, such as lists. */
const LISTS_BYTES_MAX = VARIABLES_BYTES_MAX - OTHER_VARIABLES_BYTES;

/** Measured as JSON, because they are sent to AWS as JSON. */
const variablesBytes = (variables: Readonly<Record<string, string>>): number =>
  Buffer.byteLength(JSON.stringify(variables));

/** The variables of a function that come from settings without a length limit. */
const listsOf = (environment: Environment): Readonly<Record<string, Readonly<Record<string, string>>>> => {
  const { allowedOrigins, channelCreators, privateChannels, lastingAccess, moderators, publishRules } =
    functionSettingsIn(environment, websiteOrigins(environment));
  const { authentication, chatOps } = environment;
  return {
    allowedOrigins: variablesOf({ allowedOrigins }),
    "channelCreators and privateChannels": variablesOf({ channelCreators, privateChannels }),
    ...(environment.lastingMembership && {
      "allowedOrigins, channelCreators and privateChannels with lastingMembership": variablesOf({
        allowedOrigins,
        lastingAccess,
      }),
    }),
    moderators: variablesOf({ moderators }),
    "publish.channels": variablesOf({ publishRules }),
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

const SETTINGS_WITH_GROUPS = ["channelCreators", "moderators", "privateChannels"] as const;

/** A setting that has no effect with the environment's authentication, and why. Undefined if all have an effect. */
export function ineffectiveSetting(environment: Environment): string | undefined {
  const { kind } = environment.authentication;
  const byGroup = SETTINGS_WITH_GROUPS.find((setting) => setting in environment);
  if (byGroup && (kind === "none" || kind === "iam")) {
    return `${byGroup}, which requires groups, and the authentication "${kind}" has no groups. Use "cognito" or "jwt", or remove ${byGroup}`;
  }
  if (kind !== "none") return undefined;
  const { connectionsPerUserMax, lastingMembership, publish, directConversations, unreadCounts } = environment;
  const [byUser] = [
    ...(connectionsPerUserMax !== undefined ? ["connectionsPerUserMax"] : []),
    ...(lastingMembership ? ["lastingMembership"] : []),
    ...(publish?.users ? ["publish.users"] : []),
    ...(directConversations ? ["directConversations"] : []),
    ...(unreadCounts ? ["unreadCounts"] : []),
  ];
  return byUser
    ? `${byUser}, which requires authenticated users. With the authentication "none", users are anonymous. Use another authentication, or remove ${byUser}`
    : undefined;
}

const receiptsWithoutMarkers = (environment: Environment): string | undefined =>
  environment.readReceipts && !(environment.directConversations && environment.unreadCounts)
    ? "readReceipts, which requires directConversations and unreadCounts. Set both to true, or remove readReceipts"
    : undefined;

/** Whether an environment has what functions need. */
const PROVIDED: {
  readonly [Needs in NonNullable<FunctionDefinition["needs"]>]: (environment: Environment) => boolean;
} = {
  users: ({ authentication }) => hasUsers(authentication),
  moderators: ({ moderators }) => moderators !== undefined,
  publish: ({ publish }) => publish !== undefined,
  "direct conversations": ({ directConversations }) => directConversations === true,
  "own messages": ({ ownMessageMinutes }) => ownMessageMinutes !== undefined,
  "moderators or own messages": ({ moderators, ownMessageMinutes }) =>
    moderators !== undefined || ownMessageMinutes !== undefined,
  reactions: ({ reactions }) => reactions === true,
  "unread counts": ({ unreadCounts }) => unreadCounts === true,
};

/** Whether the environment has the users, moderators or settings that a function needs. */
export const isDeployed = (environment: Environment, { needs }: FunctionDefinition): boolean =>
  needs === undefined || PROVIDED[needs](environment);
