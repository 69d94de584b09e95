import type { PresencePorts } from "../chat/presence/presence.ts";
import { metrics } from "./metrics.ts";
import { push } from "./push/push.ts";
import { connectionsPerAddressMax, now, pause, presenceMembersMax, random } from "./runtime.ts";
import { addresses } from "./table/addresses.ts";
import { members } from "./table/members.ts";
import { names } from "./table/names.ts";
import { table } from "./table/table.ts";
import { users } from "./table/users.ts";
import { takingFrames } from "./taking-frames.ts";

/** What a function needs to tell a channel's members something, and to remove those who are gone. */
export const presence = {
  ...takingFrames,
  members: members(table, now),
  names: names(table, now),
  users: users(table, now),
  addresses: addresses(table, now),
  push,
  pause,
  random,
  count: (metric, value) => metrics.count(metric, value),
  presenceMembersMax,
  connectionsPerAddressMax,
} satisfies PresencePorts;
