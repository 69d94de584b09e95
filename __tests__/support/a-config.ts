import type { Config } from "../../aws/config.ts";
import { RULES } from "../../chatops/rules.ts";

/** The settings of a function in an environment where every optional setting is off, with the test's own in their place. */
export const aConfig = (own: Partial<Config> = {}): Config => ({
  tableName: "chat",
  managementEndpoint: "https://management.example.com/dev",
  fanOutFunction: "chat-dev-fan-out",
  eventsFunction: "none",
  eventBus: "chat-dev-events",
  review: "none",
  metricsNamespace: "chat-dev",
  messageRetentionDays: 30,
  presenceMembersMax: 100,
  authentication: "none",
  checksBans: (own.moderators ?? []).length > 0,
  allowedOrigins: "any",
  channelCreators: "everybody",
  privateChannels: {},
  lastingMembership: false,
  lastingAccess: own.lastingMembership
    ? { channelCreators: own.channelCreators ?? "everybody", privateChannels: own.privateChannels ?? {} }
    : "off",
  moderators: [],
  ownMessageMinutes: "off",
  storesReactions: false,
  directConversations: false,
  readReceipts: false,
  messageRate: "unlimited",
  connectionsPerUserMax: "unlimited",
  connectionsPerAddressMax: "unlimited",
  tokenRules: {
    kind: "jwt",
    issuer: "https://login.example.com/",
    audience: "chat-dev",
    userClaim: "sub",
    groupsClaim: "groups",
    closeAtExpiry: false,
  },
  publishRules: { channels: "any", users: true },
  service: "github",
  secretArn: "arn:aws:secretsmanager:eu-west-2:123456789012:secret:chat-dev/github-AbCdEf",
  chatOpsRules: RULES,
  ...own,
});
