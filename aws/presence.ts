import type { PresencePorts } from "../chat/presence.ts";
import { metrics } from "./metrics.ts";
import { close, push } from "./push.ts";
import { now, pause, presenceMembersMax, random } from "./runtime.ts";
import { connections } from "./table/connections.ts";
import { members } from "./table/members.ts";
import { names } from "./table/names.ts";
import { table } from "./table/table.ts";
import { users } from "./table/users.ts";

/** What a function needs to tell a channel's members something, and to remove those who are gone. */
export const presence = {
  connections: connections(table, now),
  members: members(table, now),
  names: names(table, now),
  users: users(table, now),
  push,
  close,
  now,
  pause,
  random,
  count: metrics.count,
  presenceMembersMax,
} satisfies PresencePorts;
