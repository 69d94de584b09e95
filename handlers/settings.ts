import type { SettingLists } from "../aws/config.ts";

/*
 * The settings that each function needs, by its entry. `infra/` sets exactly these environment variables, and the function
 * parses them when it starts. Lists are nested and not spread, so that a bundle has only those of its own function.
 */

/** Handling a client's frame. */
const frame = ["tableName", "managementEndpoint", "messageRate"] as const;

/** Notifying members, and removing the connections that turn out to be gone. */
const presence = [
  "tableName",
  "managementEndpoint",
  "presenceMembersMax",
  "connectionsPerAddressMax",
  "eventsFunction",
] as const;

/** Leaving work to the fan-out function. */
const fanOut = ["fanOutFunction"] as const;

/** Every function can count faults. */
const all = ["metricsNamespace"] as const;

export const connect = [
  all,
  presence,
  [
    ...(["authentication", "allowedOrigins", "checksBans", "connectionsPerUserMax"] as const),
    ...(["directConversations", "lastingAccess"] as const),
  ],
] as const satisfies SettingLists;
export const disconnect = [all, presence, fanOut] as const satisfies SettingLists;
export const echo = [all] as const satisfies SettingLists;
export const sendMessage = [
  all,
  frame,
  presence,
  fanOut,
  ["messageRetentionDays", "moderators", "ownMessageMinutes", "review"],
] as const satisfies SettingLists;
export const join = [
  all,
  frame,
  presence,
  ["channelCreators", "privateChannels", "lastingMembership"],
] as const satisfies SettingLists;
export const leave = [all, frame, presence, ["lastingMembership"]] as const satisfies SettingLists;
export const channels = [all, frame] as const satisfies SettingLists;
export const members = [all, frame] as const satisfies SettingLists;
export const history = [
  all,
  frame,
  ["messageRetentionDays", "moderators", "directConversations", "readReceipts", "storesReactions"],
] as const satisfies SettingLists;
export const conversations = [all, frame, ["messageRetentionDays"]] as const satisfies SettingLists;
export const read = [
  all,
  frame,
  ["messageRetentionDays", "directConversations", "readReceipts"],
] as const satisfies SettingLists;
export const unread = read;
export const direct = [
  all,
  frame,
  presence,
  ["messageRetentionDays", "directConversations", "ownMessageMinutes"],
] as const satisfies SettingLists;
export const name = [all, frame, presence] as const satisfies SettingLists;
export const typing = [all, frame, presence, ["moderators"]] as const satisfies SettingLists;
export const invite = [all, frame, presence, ["lastingMembership"]] as const satisfies SettingLists;
export const kick = [all, frame, presence, fanOut, ["moderators"]] as const satisfies SettingLists;
export const ban = [all, frame, presence, fanOut, ["moderators"]] as const satisfies SettingLists;
export const unban = [all, frame, ["moderators", "eventsFunction"]] as const satisfies SettingLists;
export const mute = [all, frame, ["moderators", "eventsFunction"]] as const satisfies SettingLists;
export const deleteMessage = [
  all,
  frame,
  presence,
  fanOut,
  ["messageRetentionDays", "moderators", "ownMessageMinutes", "storesReactions", "directConversations"],
] as const satisfies SettingLists;
export const edit = [
  all,
  frame,
  presence,
  fanOut,
  ["messageRetentionDays", "moderators", "ownMessageMinutes", "review", "directConversations"],
] as const satisfies SettingLists;
export const react = [
  all,
  frame,
  presence,
  fanOut,
  ["messageRetentionDays", "moderators", "directConversations"],
] as const satisfies SettingLists;
export const fanOutWorker = [all, presence, fanOut] as const satisfies SettingLists;
export const publish = [
  all,
  presence,
  fanOut,
  ["messageRetentionDays", "publishRules", "directConversations"],
] as const satisfies SettingLists;
export const events = [
  all,
  [
    "eventBus",
    "tableName",
    "authentication",
    "directConversations",
    "lastingMembership",
    "privateChannels",
    "checksBans",
  ],
] as const satisfies SettingLists;
export const authorize = [all, ["tokenRules"]] as const satisfies SettingLists;
export const chatOps = [
  all,
  frame,
  fanOut,
  ["messageRetentionDays", "service", "secretArn", "chatOpsRules", "eventsFunction"],
] as const satisfies SettingLists;
