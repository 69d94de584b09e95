import type { SettingLists } from "../aws/config.ts";

/*
 * The settings that each function needs, by its entry. `infra/` sets exactly these environment variables, and the function
 * parses them when it starts. Lists are nested and not spread, so that a bundle has only those of its own function.
 */

/** Handling a client's frame. */
const frame = ["tableName", "managementEndpoint", "messageRate"] as const;

/** Notifying members, and removing the connections that turn out to be gone. */
const presence = ["tableName", "managementEndpoint", "presenceMembersMax", "connectionsPerAddressMax"] as const;

/** Leaving work to the fan-out function. */
const fanOut = ["fanOutFunction"] as const;

/** Every function can count faults. */
const all = ["metricsNamespace"] as const;

export const connectSettings = [
  all,
  presence,
  ["authentication", "allowedOrigins", "checksBans", "connectionsPerUserMax"],
] as const satisfies SettingLists;
export const disconnectSettings = [all, presence, fanOut] as const satisfies SettingLists;
export const echoSettings = [all] as const satisfies SettingLists;
export const sendMessageSettings = [
  all,
  frame,
  presence,
  fanOut,
  ["messageRetentionDays", "moderators"],
] as const satisfies SettingLists;
export const joinSettings = [
  all,
  frame,
  presence,
  ["channelMakers", "privateChannels"],
] as const satisfies SettingLists;
export const leaveSettings = [all, frame, presence] as const satisfies SettingLists;
export const channelsSettings = [all, frame] as const satisfies SettingLists;
export const membersSettings = [all, frame] as const satisfies SettingLists;
export const historySettings = [all, frame, ["messageRetentionDays"]] as const satisfies SettingLists;
export const directSettings = [all, frame, presence] as const satisfies SettingLists;
export const nameSettings = [all, frame, presence] as const satisfies SettingLists;
export const typingSettings = [all, frame, presence, ["moderators"]] as const satisfies SettingLists;
export const inviteSettings = [all, frame, presence] as const satisfies SettingLists;
export const kickSettings = [all, frame, presence, fanOut, ["moderators"]] as const satisfies SettingLists;
export const banSettings = [all, frame, presence, fanOut, ["moderators"]] as const satisfies SettingLists;
export const unbanSettings = [all, frame, ["moderators"]] as const satisfies SettingLists;
export const muteSettings = [all, frame, ["moderators"]] as const satisfies SettingLists;
export const deleteMessageSettings = [
  all,
  frame,
  presence,
  fanOut,
  ["messageRetentionDays", "moderators"],
] as const satisfies SettingLists;
export const fanOutWorkerSettings = [all, presence, fanOut] as const satisfies SettingLists;
export const authorizeSettings = [all, ["tokenRules"]] as const satisfies SettingLists;
export const chatOpsSettings = [
  all,
  frame,
  fanOut,
  ["messageRetentionDays", "service", "secretArn", "chatOpsRules"],
] as const satisfies SettingLists;
