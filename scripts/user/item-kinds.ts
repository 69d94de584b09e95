import {
  banKey,
  bucketKey,
  conversationsPartition,
  knownKey,
  lastingChannelsKey,
  nameKey,
  readMarkersPartition,
  repeatKey,
  userPartition,
} from "../../aws/table/keys.ts";
import {
  has,
  hasReacted,
  isAuthor,
  isFromProgram,
  isInTrail,
  isListedIn,
  isOf,
  isOwnChannel,
  isSortedBy,
  isToUser,
  type Relation,
  withoutText,
} from "./relations.ts";

/** A row of the table of keys in aws/table/keys.ts. */
export interface ItemKind {
  readonly name: string;
  readonly pk: RegExp;
  readonly sk: RegExp;
  /** The first one that holds applies. */
  readonly relations: readonly Relation[];
  /** Why no item belongs to a user, if there are no relations. */
  readonly why?: string;
}

const ANY = /^/;

/** Every kind of item in the table, and what of it belongs to a user. A kind that is missing here is reported by name. */
export const itemKinds: readonly ItemKind[] = [
  {
    name: "connections",
    pk: /^CONN#/,
    sk: /^CONN#/,
    relations: [
      { role: "connections of the user", holds: has("user"), erasure: { do: "disconnect" } },
      {
        role: "former names of connections",
        holds: has("formerUser"),
        erasure: { do: "remove", attribute: "formerUser" },
      },
    ],
  },
  {
    name: "members",
    pk: /^CHANNEL#[^#]+#\d+$/,
    sk: /^CONN#/,
    relations: [{ role: "members of channels", holds: has("user"), erasure: { do: "delete", attribute: "user" } }],
  },
  {
    name: "channels",
    pk: /^CHANNEL#[^#]+#0$/,
    sk: /^#CHANNEL$/,
    relations: [
      {
        role: "private channels that the user created",
        holds: isOwnChannel,
        erasure: { do: "keep", reason: "other members use the channel; its name has a digest of the user's id" },
      },
    ],
  },
  { name: "directory", pk: /^CHANNELS$/, sk: ANY, relations: [], why: "has only names of public channels" },
  {
    name: "messages and changes",
    pk: /^(LOG|DIRECT)#[^#]+$/,
    sk: /^[0-9A-HJKMNP-TV-Z]{26}$/,
    relations: [
      { role: "messages of the user", holds: isAuthor, erasure: { do: "tombstone" } },
      { role: "direct messages of backends to the user", holds: isFromProgram, erasure: { do: "delete" } },
      {
        role: "direct messages of others to the user",
        holds: isToUser,
        erasure: { do: "keep", reason: "another user wrote them and can read them" },
      },
      {
        role: "mentions of the user in messages of others",
        holds: isListedIn("mentions"),
        erasure: { do: "unlist", attribute: "mentions" },
        partOf: withoutText,
      },
      { role: "deletions by the user", holds: has("by"), erasure: { do: "replace", attribute: "by" } },
    ],
  },
  {
    name: "reactions",
    pk: /^REACTIONS#/,
    sk: ANY,
    relations: [{ role: "reactions of the user", holds: hasReacted, erasure: { do: "unreact" } }],
  },
  { name: "changed reactions", pk: /^REACTED#/, sk: ANY, relations: [], why: "has only the id of a message" },
  {
    name: "names",
    pk: /^USER#/,
    sk: /^#NAME$/,
    relations: [{ role: "the chosen name", holds: isOf((user) => nameKey(user).pk), erasure: { do: "delete" } }],
  },
  {
    name: "looks",
    pk: /^USER#/,
    sk: /^#LOOK$/,
    relations: [],
    why: "the key is a form of the name that similar names share; deleted with an open connection, or expires 2 hours and 10 minutes after the start of the connection",
  },
  {
    name: "known users",
    pk: /^KNOWN#/,
    sk: /^#KNOWN$/,
    relations: [
      { role: "that the user has connected", holds: isOf((user) => knownKey(user).pk), erasure: { do: "delete" } },
    ],
  },
  {
    name: "lasting channels",
    pk: /^LASTING#/,
    sk: /^#CHANNELS$/,
    relations: [
      {
        role: "channels in which the user stays, and groups that give access to them",
        holds: isOf((user) => lastingChannelsKey(user).pk),
        erasure: { do: "delete" },
      },
    ],
  },
  {
    name: "conversations",
    pk: /^CONVERSATIONS#/,
    sk: /^DIRECT#/,
    relations: [
      { role: "conversations of the user", holds: isOf(conversationsPartition), erasure: { do: "delete" } },
      {
        role: "conversations of others with the user",
        holds: ({ other, publisher }, { user }) => other === user && publisher !== true,
        erasure: { do: "keep", reason: "the other user needs the name to read the conversation" },
      },
    ],
  },
  {
    name: "users",
    pk: /^USER#/,
    sk: /^CONN#/,
    relations: [{ role: "the list of connections", holds: isOf(userPartition), erasure: { do: "delete" } }],
  },
  {
    name: "addresses",
    pk: /^ADDRESS#/,
    sk: /^CONN#/,
    relations: [],
    why: "has only the id of a connection; the item of the connection has the address, and both are deleted together",
  },
  {
    name: "invitations",
    pk: /^INVITED#/,
    sk: ANY,
    relations: [{ role: "invitations of the user", holds: isSortedBy, erasure: { do: "delete" } }],
  },
  {
    name: "mutes",
    pk: /^MUTED#/,
    sk: ANY,
    relations: [
      {
        role: "mutes of the user",
        holds: isSortedBy,
        erasure: { do: "keep", reason: "an erasure does not end a mute" },
      },
    ],
  },
  {
    name: "bans",
    pk: /^BANNED#/,
    sk: /^#BAN$/,
    relations: [
      {
        role: "the ban of the user",
        holds: isOf((user) => banKey(user).pk),
        erasure: { do: "keep", reason: "an erasure does not end a ban; a moderator ends it with unban" },
      },
      { role: "bans by the user", holds: has("by"), erasure: { do: "replace", attribute: "by" } },
    ],
  },
  {
    name: "read markers",
    pk: /^READ#/,
    sk: /^(CHANNEL|DIRECT)#/,
    relations: [{ role: "what the user has read", holds: isOf(readMarkersPartition), erasure: { do: "delete" } }],
  },
  {
    name: "rates",
    pk: /^RATE#(USER|ADDRESS)#/,
    sk: /^(\d+\/\d+$|CONN#)/,
    relations: [
      {
        role: "message rates of the user",
        holds: isOf((user) => bucketKey(`USER#${user}`, { perSecond: 1, burst: 1 }).pk),
        erasure: { do: "delete" },
      },
    ],
  },
  {
    name: "repeats",
    pk: /^REPEAT#/,
    sk: ANY,
    relations: [
      {
        role: "ids of recent frames",
        holds: isOf((user) => repeatKey({ user, channel: "", id: "", data: "" }).pk),
        erasure: { do: "delete" },
      },
    ],
  },
  { name: "published", pk: /^PUBLISHED#/, sk: ANY, relations: [], why: "belongs to a backend, not to a user" },
  {
    name: "audit trail",
    pk: /^AUDIT#/,
    sk: ANY,
    relations: [
      {
        role: "lines of the audit trail",
        holds: isInTrail,
        erasure: { do: "keep", reason: "the trail records who changed credentials, and its lines are never changed" },
      },
    ],
  },
  { name: "leases", pk: /^LEASE#/, sk: /^#LEASE$/, relations: [], why: "has no name of a user" },
  {
    name: "confirmations",
    pk: /^CONFIRMATION#/,
    sk: ANY,
    relations: [{ role: "chat-ops actions that wait", holds: has("by"), erasure: { do: "delete", attribute: "by" } }],
  },
];
