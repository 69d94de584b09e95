import type { Config } from "../../aws/config.ts";
import { awsName, metricsNamespace } from "../names.ts";
import type { Environment } from "./settings.ts";

/**
 * The functions' settings in an environment. A setting that the environment does not have gets an explicit value, such as "everybody".
 * `pageOrigins` are the origins of the environment's own page.
 */
export const functionSettingsIn = (environment: Environment, pageOrigins: readonly string[]) =>
  ({
    metricsNamespace: metricsNamespace(environment),
    // By name and not by reference: the fan-out function invokes itself, and Terraform refuses a resource that refers to itself.
    fanOutFunction: awsName(environment, "fan-out"),
    eventsFunction: environment.events ? awsName(environment, "events") : "none",
    review: environment.review ?? "none",
    messageRetentionDays: environment.messageRetentionDays,
    presenceMembersMax: environment.presenceMembersMax,
    authentication: environment.authentication.kind,
    checksBans: environment.moderators !== undefined,
    allowedOrigins: allowedOrigins(environment, pageOrigins),
    ...accessIn(environment),
    lastingMembership: environment.lastingMembership === true,
    lastingAccess: environment.lastingMembership ? accessIn(environment) : "off",
    moderators: environment.moderators ?? [],
    ownMessageMinutes: environment.ownMessageMinutes ?? "off",
    storesReactions: environment.reactions === true,
    directConversations: environment.directConversations ?? false,
    readReceipts: environment.readReceipts === true,
    messageRate: environment.messageRate ?? "unlimited",
    publishRules: publishRulesIn(environment),
    connectionsPerUserMax: environment.connectionsPerUserMax ?? "unlimited",
    connectionsPerAddressMax: environment.connectionsPerAddressMax ?? "unlimited",
  }) satisfies Partial<Config>;

const accessIn = ({ channelCreators, privateChannels }: Environment) => ({
  channelCreators: channelCreators ?? ("everybody" as const),
  privateChannels: privateChannels ?? {},
});

/** Without the setting, the function that uses these does not exist. */
const publishRulesIn = ({ publish }: Environment): Config["publishRules"] => ({
  channels: publish?.channels ?? [],
  users: publish?.users ?? false,
});

/** An environment with a page does not accept the pages of all other origins. */
function allowedOrigins(
  { allowedOrigins: own }: Environment,
  pageOrigins: readonly string[],
): Config["allowedOrigins"] {
  if (!own && pageOrigins.length === 0) return "any";
  return [...new Set([...pageOrigins, ...(own ?? [])])];
}
