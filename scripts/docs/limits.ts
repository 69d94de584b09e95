import { CHANNELS_PER_CONNECTION_MAX } from "../../chat/channel.ts";
import { DATA_BYTES_MAX, REPEAT_SECONDS } from "../../chat/message.ts";
import { BAN_SECONDS_MAX, MUTE_SECONDS_MAX, PAGE_MAX } from "../../chat/protocol/fields.ts";
import { NAME_CHARACTERS_MAX } from "../../chat/user.ts";
import { environments } from "../../infra/environments.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { table } from "./table.ts";

/** A setting, as the environments have it. */
const setting = (read: (environment: Environment) => string): string =>
  [...new Set(environments.map(read))].join(" or ");

const throttle = setting(
  ({ throttle: { requestsPerSecond, burst } }) => `${requestsPerSecond} a second, ${burst} at once`,
);

/** What stays with API Gateway has the ids of its rules. */
export const limitTable = table(
  ["limit", "value", "beyond it"],
  [
    ["`data`", `${DATA_BYTES_MAX} bytes of UTF-8`, "`data-too-long`"],
    ["channels of a connection", String(CHANNELS_PER_CONNECTION_MAX), "`too-many-channels`"],
    ["a user's name", `${NAME_CHARACTERS_MAX} characters`, "`bad-name`"],
    ["a page of `history`, `members` or `channels`", String(PAGE_MAX), "`cursor`"],
    ["a repeat is known for", `${REPEAT_SECONDS / 60} minutes`, "it is said again"],
    [
      "what was said is kept for",
      `${setting(({ messageRetentionDays }) => String(messageRetentionDays))} days`,
      "`history` has it no more",
    ],
    [
      "presence and typing, members of a channel",
      setting(({ presenceMembersMax }) => String(presenceMembersMax)),
      "nobody in it is told",
    ],
    [
      "frames of a user, or of all guests at an address",
      setting(({ messageRate: rate }) =>
        rate ? `${rate.perSecond} a second, ${rate.burst} at once` : "no limit of its own",
      ),
      "`too-many-messages`, then it is closed with 1000",
    ],
    [
      "connections of a user",
      setting(({ connectionsPerUserMax = "any number" }) => String(connectionsPerUserMax)),
      "a handshake fails with 429",
    ],
    [
      "connections from an address",
      setting(({ connectionsPerAddressMax = "any number" }) => String(connectionsPerAddressMax)),
      "a handshake fails with 429",
    ],
    ["a ban with an end", `${BAN_SECONDS_MAX / 86_400} days`, "`malformed-frame`"],
    ["a mute", `${MUTE_SECONDS_MAX / 86_400} days`, "`malformed-frame`"],
    ["handshakes and frames of all clients together", throttle, "a handshake fails with 429 (HS-33, LM-13)"],
    ["a frame", "32 KB", "the connection is closed with 1009 (LM-01)"],
    ["a message of several frames", "128 KB", "the connection is closed with 1009 (LM-02)"],
    ["binary frames", "none", "the connection is closed with 1003 (LM-05)"],
    ["a connection without a message, either way", "10 minutes", "it is closed with 1001 (LM-06)"],
    ["a connection", "2 hours", "it is closed, whatever is said (LM-08)"],
  ],
);
