import type { SettingName } from "../aws/config.ts";

/** Handling a client's frame. */
const frame = ["metricsNamespace", "tableName", "managementEndpoint", "messageRate"] as const;

/** Notifying members, and removing the connections that turn out to be gone. */
const presence = [
  "metricsNamespace",
  "tableName",
  "managementEndpoint",
  "presenceMembersMax",
  "connectionsPerAddressMax",
] as const;

/** Notifying the whole audience of a channel, of any size. */
const fanOut = [...presence, "fanOutFunction"] as const;

/** The settings that each function needs, by its entry. `infra/` sets exactly these, and the function parses them. */
export const settings = {
  connect: [...presence, "authentication", "allowedOrigins", "checksBans", "connectionsPerUserMax"],
  disconnect: fanOut,
  default: ["metricsNamespace"],
  "send-message": [...frame, ...fanOut, "messageRetentionDays", "moderators"],
  join: [...frame, ...presence, "channelMakers", "privateChannels"],
  leave: [...frame, ...presence],
  channels: frame,
  members: frame,
  history: [...frame, "messageRetentionDays"],
  direct: [...frame, ...presence],
  name: [...frame, ...presence],
  typing: [...frame, ...presence, "moderators"],
  invite: [...frame, ...presence],
  kick: [...frame, ...fanOut, "moderators"],
  ban: [...frame, ...fanOut, "moderators"],
  unban: [...frame, "moderators"],
  mute: [...frame, "moderators"],
  delete: [...frame, ...fanOut, "messageRetentionDays", "moderators"],
  "fan-out": fanOut,
  authorize: ["metricsNamespace", "tokenRules"],
  "chat-ops": [...frame, "messageRetentionDays", "fanOutFunction", "service", "secretArn", "chatOpsRules"],
} as const satisfies Record<string, readonly SettingName[]>;
