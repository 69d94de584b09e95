import { CONVERSATION, conversationLog, LOBBY, type Shard } from "../../chat/channel.ts";
import type { Correspondent, Repeatable } from "../../chat/message-ports.ts";
import type { MessageRate } from "../../chat/user-ports.ts";
import { OPS_CHANNEL } from "../../chatops/rules.ts";
import { digestOf } from "../runtime.ts";

/*
 * All keys of the table. pk and sk are strings. `ttl` is in epoch seconds; readers ignore expired items that still exist.
 *
 * | item       | pk                     | sk              | read by                                                  |
 * |------------|------------------------|-----------------|----------------------------------------------------------|
 * | connection | CONN#<id>              | CONN#<id>       | its frames; `$disconnect`, which cleans up what it lists |
 * | member     | CHANNEL#<name>#<shard> | CONN#<id>       | fan-out: one query for each shard                        |
 * | channel    | CHANNEL#<name>#0       | #CHANNEL        | `join`; fan-out: its shards, with the first page         |
 * | directory  | CHANNELS               | <name>          | `channels`                                               |
 * | message    | LOG#<name>             | <ulid>          | `history`                                                |
 * | change     | LOG#<name>             | <ulid>          | `history`: an edit or a deletion, at its own time        |
 * | reactions  | REACTIONS#<channel>    | <message id>    | `react`; `history`, with the messages of a page          |
 * | reacted    | REACTED#<channel>      | <ulid>          | `history`: the latest change of a message's reactions    |
 * | blocked id | LOG#<name>             | <ulid>          | `sendmessage`, to refuse a late write of the message     |
 * | name       | USER#<user>            | #NAME           | `direct`; one connection at a time has a name            |
 * | look       | USER#<look>            | #LOOK           | `name`: one connection at a time for lookalike names     |
 * | user       | USER#<user>            | CONN#<id>       | `direct`, `events`: the connections of an authenticated user |
 * | known user | KNOWN#<user>           | #KNOWN          | `direct`, to refuse a name that has never connected      |
 * | conversation | CONVERSATIONS#<user> | DIRECT#<pair>   | `conversations`: the direct messages with another user   |
 * | direct message | DIRECT#<pair>      | <ulid>          | `history` of a conversation                              |
 * | memberships| LASTING#<user>         | #CHANNELS       | `$connect`, with lasting membership                      |
 * | address    | ADDRESS#<address>      | CONN#<id>       | `$connect`, with a limit for each address                |
 * | invitation | INVITED#<channel>      | <user>          | `join` of a private channel                              |
 * | mute       | MUTED#<channel>        | <user>          | `sendmessage`, `typing`, with moderators                 |
 * | read marker| READ#<user>            | CHANNEL#<name>, DIRECT#<pair> | `unread`: the id of the last message that the user read |
 * | ban        | BANNED#<user>          | #BAN            | `$connect`, with moderators                              |
 * | bucket     | RATE#USER#<user>, RATE#ADDRESS#<address> | <perSecond>/<burst>: each frame, with `messageRate` |
 * | warning    | the same               | CONN#<id>       | a frame that exceeds `messageRate`                       |
 * | repeat     | REPEAT#<user>          | <name>#<digest of data>#<id>: `sendmessage` with an id of the client |
 * | published  | PUBLISHED#<from>       | <digest of channel and data>#<id>: `publish`, whose entries always have an id |
 * | trail line | AUDIT#<service>#<month>| <ulid>          | people, in AWS: no function can read or change a line    |
 * | lease      | LEASE#<service>        | #LEASE          | the function that changes a service's credential         |
 * | waiting    | CONFIRMATION#<service> | <code>          | the confirmation by a second person                      |
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const CONNECTION = "CONN#";
const CHANNEL = "CHANNEL#";
const LOG = "LOG#";
const REACTIONS = "REACTIONS#";
const REACTED = "REACTED#";
const USER = "USER#";
const KNOWN = "KNOWN#";
const CONVERSATIONS = "CONVERSATIONS#";
const LASTING = "LASTING#";
const ADDRESS = "ADDRESS#";
const INVITED = "INVITED#";
const MUTED = "MUTED#";
const BANNED = "BANNED#";
const READ = "READ#";
const RATE = "RATE#";
const REPEAT = "REPEAT#";
const PUBLISHED = "PUBLISHED#";
const AUDIT = "AUDIT#";
const LEASE = "LEASE#";
const CONFIRMATION = "CONFIRMATION#";
export const DIRECTORY = "CHANNELS";
/** The sort key of a channel's own item. It sorts before its members. */
export const CHANNEL_ITEM = "#CHANNEL";

/** The partition keys of each kind of item, as IAM's `dynamodb:LeadingKeys` matches them. */
export const leadingKeys = {
  connections: `${CONNECTION}*`,
  members: `${CHANNEL}*`,
  channels: `${CHANNEL}*`,
  lobby: `${CHANNEL}${LOBBY}#0`,
  directory: DIRECTORY,
  messages: `${LOG}*`,
  directMessages: `${CONVERSATION}*`,
  reactions: `${REACTIONS}*`,
  reacted: `${REACTED}*`,
  names: `${USER}*`,
  users: `${USER}*`,
  knownUsers: `${KNOWN}*`,
  conversations: `${CONVERSATIONS}*`,
  lastingChannels: `${LASTING}*`,
  addresses: `${ADDRESS}*`,
  invitations: `${INVITED}*`,
  mutes: `${MUTED}*`,
  bans: `${BANNED}*`,
  readMarkers: `${READ}*`,
  rates: `${RATE}*`,
  repeats: `${REPEAT}*`,
  published: `${PUBLISHED}*`,
  opsMessages: LOG + OPS_CHANNEL,
} as const;

/** The partition keys of the items that chat-ops keeps for one service. */
export const serviceLeadingKeys = (service: string) => ({
  trail: `${AUDIT}${service}#*`,
  lease: LEASE + service,
  confirmations: CONFIRMATION + service,
});

export const connectionKey = (connectionId: string): Key => ({
  pk: CONNECTION + connectionId,
  sk: CONNECTION + connectionId,
});

export const membersPartition = ({ channel, shard }: Shard): string => `${CHANNEL}${channel}#${shard}`;

export const memberKey = (shard: Shard, connectionId: string): Key => ({
  pk: membersPartition(shard),
  sk: CONNECTION + connectionId,
});

/** The connection id in a member's sort key. */
export const connectionIdOf = ({ sk }: Pick<Key, "sk">): string => sk.slice(CONNECTION.length);

export const channelKey = (channel: string): Key => ({ pk: membersPartition({ channel, shard: 0 }), sk: CHANNEL_ITEM });

export const directoryKey = (channel: string): Key => ({ pk: DIRECTORY, sk: channel });

/** The partition of a conversation. No channel can have it, and IAM policies can distinguish it from the partitions of channels. */
export const logPartition = (channel: string): string => (channel.startsWith(CONVERSATION) ? channel : LOG + channel);

export const messageKey = ({ channel, id }: { readonly channel: string; readonly id: string }): Key => ({
  pk: logPartition(channel),
  sk: id,
});

/**
 * The id of the conversation of two users, which is the same for both. A backend and a user with the same name have
 * different conversations. A digest, because two names together can be longer than a sort key.
 */
export const pairOf = (user: string, { name, publisher }: Correspondent): string =>
  digestOf(JSON.stringify(publisher ? [PUBLISHED, name, user] : [user, name].sort()));

/*
 * Conversations, known users and lasting channels are not in the partition of the user's connections. Otherwise the roles
 * that write them could write connections.
 */

export const conversationsPartition = (user: string): string => CONVERSATIONS + user;

/** The item of a conversation in the list of one of its users. */
export const conversationKey = (user: string, pair: string): Key => ({
  pk: conversationsPartition(user),
  sk: conversationLog(pair),
});

/** The pair in the sort key of a conversation. */
export const pairIn = ({ sk }: Pick<Key, "sk">): string => sk.slice(CONVERSATION.length);

export const knownKey = (user: string): Key => ({ pk: KNOWN + user, sk: "#KNOWN" });

/** All reactions to one message. */
export const reactionsKey = ({ channel, id }: { readonly channel: string; readonly id: string }): Key => ({
  pk: REACTIONS + channel,
  sk: id,
});

/** Not in the log: `react` deletes these items, and its role must not be able to delete messages. */
export const reactedKey = ({ channel, id }: { readonly channel: string; readonly id: string }): Key => ({
  pk: REACTED + channel,
  sk: id,
});

/** The bounds of a range of ULIDs that excludes the id itself: BETWEEN includes its bounds. */
export const sortsAfter = (id: string): string => withLast(id, 1);
export const sortsBefore = (id: string): string => withLast(id, -1);

/** ULIDs have a fixed length, so no other id sorts between the bound and the id. */
const withLast = (id: string, step: number): string =>
  id.slice(0, -1) + String.fromCharCode(id.charCodeAt(id.length - 1) + step);

export const userPartition = (user: string): string => USER + user;

export const userKey = (user: string, connectionId: string): Key => ({
  pk: userPartition(user),
  sk: CONNECTION + connectionId,
});

/** The channels in which an authenticated user stays. */
export const lastingChannelsKey = (user: string): Key => ({ pk: LASTING + user, sk: "#CHANNELS" });

export const nameKey = (user: string): Key => ({ pk: userPartition(user), sk: "#NAME" });

export const lookKey = (look: string): Key => ({ pk: userPartition(look), sk: "#LOOK" });

export const addressKey = (address: string, connectionId: string): Key => ({
  pk: ADDRESS + address,
  sk: CONNECTION + connectionId,
});

export const invitationKey = (channel: string, user: string): Key => ({ pk: INVITED + channel, sk: user });

export const muteKey = (channel: string, user: string): Key => ({ pk: MUTED + channel, sk: user });

export const banKey = (user: string): Key => ({ pk: BANNED + user, sk: "#BAN" });

export const readMarkersPartition = (user: string): string => READ + user;

/** The prefix of the sort keys of markers in channels. Markers in conversations have another prefix. */
export const CHANNEL_MARKER_PREFIX = CHANNEL;

/** `channel` is the log that has the message: a channel, or a conversation. */
export const readMarkerKey = (user: string, channel: string): Key => ({
  pk: readMarkersPartition(user),
  sk: channel.startsWith(CONVERSATION) ? channel : CHANNEL + channel,
});

/** The channel, or the log, in the sort key of a read marker. */
export const channelOfMarker = ({ sk }: Pick<Key, "sk">): string =>
  sk.startsWith(CONVERSATION) ? sk : sk.slice(CHANNEL.length);

/** The rate is part of the key: after a change of the setting, all senders start with a full bucket. */
export const bucketKey = (sender: string, { perSecond, burst }: MessageRate): Key => ({
  pk: RATE + sender,
  sk: `${perSecond}/${burst}`,
});

export const warningKey = (sender: string, connectionId: string): Key => ({
  pk: RATE + sender,
  sk: CONNECTION + connectionId,
});

/** A channel name has no `#` and digests have the same length, so the id of a client cannot match the key of another request. */
export const repeatKey = ({ user, channel, id, data }: Omit<Repeatable, "message">): Key => ({
  pk: REPEAT + user,
  sk: `${channel}#${digestOf(data)}#${id}`,
});

/** Like `repeatKey`, for publishers. The name of a user can contain `#`, so it is in the digest. */
export const publishedKey = ({ user, channel, id, data }: Omit<Repeatable, "message">): Key => ({
  pk: PUBLISHED + user,
  sk: `${digestOf(JSON.stringify([channel, data]))}#${id}`,
});

/** One partition for each month in UTC, because lines never expire. `at` is in epoch milliseconds. */
export const trailKey = ({ service, at }: { readonly service: string; readonly at: number }, id: string): Key => ({
  pk: `${AUDIT}${service}#${new Date(at).toISOString().slice(0, "yyyy-mm".length)}`,
  sk: id,
});

export const leaseKey = (service: string): Key => ({ pk: LEASE + service, sk: "#LEASE" });

export const confirmationKey = (service: string, code: string): Key => ({ pk: CONFIRMATION + service, sk: code });
