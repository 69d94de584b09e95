import { CHANNELS_PER_CONNECTION_MAX, LASTING_CHANNELS_MAX } from "../../chat/channel.ts";
import { DATA_BYTES_MAX, REPEAT_SECONDS } from "../../chat/message.ts";
import { PAGE_MAX } from "../../chat/protocol/fields.ts";
import { BAN_SECONDS_MAX, MUTE_SECONDS_MAX } from "../../chat/protocol/moderation-frames.ts";
import { NAME_CHARACTERS_MAX } from "../../chat/user.ts";
import { environments } from "../../infra/environments.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { table } from "./markdown.ts";

/** The value of a setting in all environments, such as "14 or 90". */
const setting = (read: (environment: Environment) => string): string =>
  [...new Set(environments.map(read))].join(" or ");

const throttle = setting(
  ({ throttle: { requestsPerSecond, burst } }) => `${requestsPerSecond} a second, ${burst} at once`,
);

/** Limits of API Gateway have the ids of their rules. */
export const limitTable = table(
  ["limit", "value", "if it is exceeded"],
  [
    ["`data`", `${DATA_BYTES_MAX} bytes of UTF-8`, "`data-too-long`"],
    ["channels of a connection", String(CHANNELS_PER_CONNECTION_MAX), "`too-many-channels`"],
    [
      "channels of a user with `lastingMembership`, on all connections",
      `${LASTING_CHANNELS_MAX} and the lobby`,
      "`too-many-channels`",
    ],
    ["a user's name", `${NAME_CHARACTERS_MAX} characters`, "`bad-name`"],
    ["a page of `history`, `members` or `channels`", String(PAGE_MAX), "`cursor`"],
    ["time in which a repeat is recognized", `${REPEAT_SECONDS / 60} minutes`, "the message is sent again"],
    [
      "time for which messages are stored",
      `${setting(({ messageRetentionDays }) => String(messageRetentionDays))} days`,
      "`history` does not return them",
    ],
    [
      "members of a channel with presence and typing events",
      setting(({ presenceMembersMax }) => String(presenceMembersMax)),
      "no presence or typing events are sent",
    ],
    [
      "frames of a user, or of all guests at an address",
      setting(({ messageRate: rate }) => (rate ? `${rate.perSecond} a second, ${rate.burst} at once` : "no limit")),
      "`too-many-messages`, then the connection is closed with 1000",
    ],
    [
      "connections of a user",
      setting(({ connectionsPerUserMax = "no limit" }) => String(connectionsPerUserMax)),
      "the handshake fails with 429",
    ],
    [
      "connections from an address",
      setting(({ connectionsPerAddressMax = "no limit" }) => String(connectionsPerAddressMax)),
      "the handshake fails with 429",
    ],
    ["duration of a ban with an end", `${BAN_SECONDS_MAX / 86_400} days`, "`malformed-frame`"],
    ["duration of a mute", `${MUTE_SECONDS_MAX / 86_400} days`, "`malformed-frame`"],
    ["handshakes and frames of all clients together", throttle, "the handshake fails with 429 (HS-33, LM-13)"],
    ["a frame", "32 KB", "the connection is closed with 1009 (LM-01)"],
    ["a message of several frames", "128 KB", "the connection is closed with 1009 (LM-02)"],
    ["binary frames", "not allowed", "the connection is closed with 1003 (LM-05)"],
    ["a connection without messages in either direction", "10 minutes", "the connection is closed with 1001 (LM-06)"],
    ["duration of a connection", "2 hours", "the connection is closed (LM-08)"],
  ],
);
