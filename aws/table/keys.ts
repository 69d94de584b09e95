import type { Shard } from "../../chat/channel.ts";

/*
 * Every key of the table. pk and sk are strings; `ttl` is in epoch seconds, and no reader trusts it to have worked.
 *
 * | item       | pk                       | sk          | read by                                              |
 * |------------|--------------------------|-------------|------------------------------------------------------|
 * | connection | CONN#<id>                | CONN#<id>   | `$disconnect`, which gets back all there is to clean |
 * | member     | CHANNEL#<name>#<shard>   | CONN#<id>   | fan-out: one query per shard                         |
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const CONNECTION = "CONN#";
const CHANNEL = "CHANNEL#";

/** The partition keys of each kind of item, as IAM's `dynamodb:LeadingKeys` matches them. */
export const leadingKeys = { connections: `${CONNECTION}*`, members: `${CHANNEL}*` } as const;

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
