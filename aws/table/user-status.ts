import type { Now } from "../../chat/ports.ts";
import type { StatusOf } from "../../chat/user-ports.ts";
import { keyText, readBatch } from "./batches.ts";
import { banKey, knownKey, lastingChannelsKey } from "./keys.ts";
import { channelsIn, groupsIn } from "./lasting-channels.ts";
import { isActiveBan } from "./moderation.ts";
import type { Table } from "./table.ts";
import { users } from "./users.ts";

interface StatusOptions {
  readonly now: Now;
  /** Whether users who have connected are stored. */
  readonly directConversations: boolean;
  readonly lastingMembership: boolean;
  /** Whether the environment has moderators, who can ban users. */
  readonly checksBans: boolean;
}

/** Reads a user's connections, and what the settings of the environment store about the user. Strongly consistent. */
export const userStatus =
  (table: Table, { now, directConversations, lastingMembership, checksBans }: StatusOptions): StatusOf =>
  async (user) => {
    const [known, lasting, ban] = [knownKey(user), lastingChannelsKey(user), banKey(user)];
    const keys = [
      ...(directConversations ? [known] : []),
      ...(lastingMembership ? [lasting] : []),
      ...(checksBans ? [ban] : []),
    ];
    const [connections, stored] = await Promise.all([
      users(table, now).connectionsOf(user),
      readBatch(table, { keys, ConsistentRead: true }),
    ]);
    return {
      isConnected: connections.length > 0,
      isBanned: isActiveBan(stored.get(keyText(ban)), now),
      isKnown: stored.has(keyText(known)),
      channels: channelsIn(stored.get(keyText(lasting))),
      groups: groupsIn(stored.get(keyText(lasting))),
    };
  };
