/** A right of a function. `infra/` turns each into one IAM statement on a named resource. */
export type Grant =
  | "write connections"
  | "read connections"
  | "update connections"
  | "remove connections"
  | "read members"
  | "write members"
  | "update members"
  | "remove members"
  | "read channels"
  | "write channels"
  | "grow channels"
  | "repair lobby"
  | "list channels"
  | "write directory"
  | "read messages"
  | "write messages"
  | "write published messages"
  | "read direct messages"
  | "write direct messages"
  | "claim direct messages"
  | "read known users"
  | "write conversations"
  | "read known addressees"
  | "write addressed messages"
  | "write addressed conversations"
  | "list conversations"
  | "write ops messages"
  | "delete messages"
  | "edit messages"
  | "change direct messages"
  | "read edited direct messages"
  | "read reacted direct messages"
  | "write changed conversations"
  | "read correspondents"
  | "read edited messages"
  | "read reacted messages"
  | "read reactions"
  | "write reactions"
  | "record reactions"
  | "list reactions"
  | "remove reactions"
  | "count messages"
  | "count direct messages"
  | "read receipts"
  | "read markers"
  | "read conversation markers"
  | "write markers"
  | "claim repeats"
  | "claim published"
  | "use invitations"
  | "write invitations"
  | "read mutes"
  | "write mutes"
  | "read bans"
  | "write bans"
  | "remove bans"
  | "read names"
  | "claim names"
  | "release names"
  | "count frames"
  | "read users"
  | "read addressed users"
  | "read handshakes"
  | "write handshakes"
  | "change lasting channels"
  | "end lost memberships"
  | "renew channels"
  | "renew directory"
  | "renew invitations"
  | "find own connections"
  | "count users"
  | "write users"
  | "write known users"
  | "read mentioned users"
  | "count addresses"
  | "release addresses"
  | "push"
  | "probe counted"
  | "probe stalled"
  | "close expired"
  | "close kicked"
  | "close flooding"
  | "close stalled"
  | "invoke fan-out"
  | "invoke review"
  | "queue events"
  | "put events";

/** Every route that handles frames needs these. */
export const frame: readonly Grant[] = ["read connections", "count frames", "close flooding"];

/** To notify the members of a channel, and to remove connections that turn out to be gone. */
export const presence: readonly Grant[] = [
  "read members",
  "remove members",
  "remove connections",
  "release names",
  "release addresses",
  "push",
  "close expired",
  "queue events",
];

/** To store a direct message, in environments that store them. */
export const storeDirect: readonly Grant[] = ["read known users", "write direct messages", "write conversations"];

/** To notify both users of a change of a direct message, in environments that store them. */
export const changeDirect: readonly Grant[] = ["write changed conversations", "read correspondents"];

/** To push a frame to all members of a channel of any size. */
export const fanOut: readonly Grant[] = [...presence, "grow channels", "invoke fan-out"];
