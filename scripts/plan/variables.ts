import type { DescribedVariables } from "@serverless-chat/plan-review";
import { SETTINGS, type SettingName } from "../../aws/config.ts";

/** The variables that come from settings, with their meaning for users. Undefined if a variable has a name or an address. */
const DESCRIPTIONS: Readonly<Record<SettingName, { readonly setting: string; readonly meaning: string } | undefined>> =
  {
    tableName: undefined,
    managementEndpoint: undefined,
    fanOutFunction: undefined,
    eventsFunction: { setting: "events", meaning: "whether other programs receive events of the chat" },
    eventBus: undefined,
    metricsNamespace: undefined,
    messageRetentionDays: { setting: "messageRetentionDays", meaning: "for how many days users can read messages" },
    presenceMembersMax: {
      setting: "presenceMembersMax",
      meaning: "the largest channel in which users see who joins, leaves and types",
    },
    authentication: { setting: "authentication", meaning: "how users sign in" },
    checksBans: { setting: "moderators", meaning: "whether bans are checked when users connect" },
    allowedOrigins: { setting: "allowedOrigins", meaning: "the web pages that may connect" },
    channelCreators: { setting: "channelCreators", meaning: "the groups whose members may create channels" },
    privateChannels: {
      setting: "privateChannels",
      meaning: "private channels, and the groups whose members may join them",
    },
    lastingMembership: {
      setting: "lastingMembership",
      meaning: "whether users stay in their channels while they are not connected",
    },
    lastingAccess: {
      setting: "lastingMembership",
      meaning:
        'whether a new connection is in the channels of its user at once ("off": it is not), and who may be in which channels',
    },
    moderators: {
      setting: "moderators",
      meaning: "the groups whose members may mute, kick and ban users and delete messages",
    },
    ownMessageMinutes: {
      setting: "ownMessageMinutes",
      meaning: "for how many minutes users may edit and delete their own messages",
    },
    storesReactions: { setting: "reactions", meaning: "whether users can react to messages" },
    readReceipts: {
      setting: "readReceipts",
      meaning: "whether users learn how far others have read their direct messages",
    },
    directConversations: {
      setting: "directConversations",
      meaning: "whether direct messages are stored, so that users who are away receive them",
    },
    messageRate: { setting: "messageRate", meaning: "how many frames a user may send" },
    review: { setting: "review", meaning: "the function that is asked before a message is stored" },
    connectionsPerUserMax: { setting: "connectionsPerUserMax", meaning: "how many connections a user may have" },
    connectionsPerAddressMax: {
      setting: "connectionsPerAddressMax",
      meaning: "how many connections may come from one IP address",
    },
    tokenRules: { setting: "authentication", meaning: "which tokens are accepted when users connect" },
    publishRules: { setting: "publish", meaning: "where backends may send messages" },
    service: undefined,
    secretArn: undefined,
    chatOpsRules: { setting: "chatOps", meaning: "which group may do what with the credential of a service" },
  };

/** Describes the environment variables of the functions for the review of a plan. */
export const describedVariables: DescribedVariables = Object.fromEntries(
  Object.entries(DESCRIPTIONS).flatMap(([name, described]) =>
    described ? [[SETTINGS[name as SettingName].variable, described]] : [],
  ),
);
