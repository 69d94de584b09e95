import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { isAgeing } from "../../chat/channel.ts";
import type { Connected } from "../../chat/connection.ts";
import { growthAt } from "../../chat/fan-out/growth.ts";
import type { Now } from "../../chat/ports.ts";
import type { Handshakes, StoredChannels } from "../../chat/user-ports.ts";
import { addressItem } from "./addresses.ts";
import { keyText, putBatch, readBatch } from "./batches.ts";
import { isDue, storedChannel } from "./channels.ts";
import { connectionItem } from "./connections.ts";
import { banKey, channelKey, invitationKey, lastingChannelsKey } from "./keys.ts";
import { channelsIn, groupsIn } from "./lasting-channels.ts";
import { memberItems } from "./members.ts";
import { isActiveBan } from "./moderation.ts";
import { isLive, type Table } from "./table.ts";
import { userItem } from "./users.ts";

/** What handshakes read and write, each in one batch: docs/decisions/0080-store-what-an-absent-user-needs.md. */
export const handshakes = (table: Table, now: Now): Handshakes => ({
  async readUser(user, { ban, invitations }) {
    const invitationOf = (channel: string) => invitationKey(channel, user);
    const keys = [lastingChannelsKey(user), ...(ban ? [banKey(user)] : []), ...invitations.map(invitationOf)];
    const found = await readBatch(table, { keys, ConsistentRead: true });
    const isInvitedTo = (channel: string): boolean => isLive(found.get(keyText(invitationOf(channel))) ?? {}, now);
    return {
      isBanned: isActiveBan(found.get(keyText(banKey(user))), now),
      channels: channelsIn(found.get(keyText(lastingChannelsKey(user)))),
      groups: groupsIn(found.get(keyText(lastingChannelsKey(user)))),
      invitedTo: invitations.filter(isInvitedTo),
    };
  },

  async readChannels({ user, channels, invitations, isConsistent }) {
    const invitationOf = (channel: string) => invitationKey(channel, user);
    const keys = [...channels.map(channelKey), ...invitations.map(invitationOf)];
    const found = await readBatch(table, { keys, ConsistentRead: isConsistent });
    const invited = invitations.map((each) => [each, found.get(keyText(invitationOf(each))) ?? {}] as const);
    return {
      channels: storedIn(found, channels, now),
      invitations: new Map(
        invited
          .filter(([, item]) => isLive(item, now))
          .map(([each, { ttl }]) => [each, { isDue: isAgeing(Number(ttl?.N), now()) }]),
      ),
    };
  },

  addConnection: (connected) => putBatch(table, itemsOf(connected)),

  addMembers: (connected) => putBatch(table, memberItems(connected.memberships, connected)),

  addAll: ({ joinedAt, ...connected }) =>
    putBatch(table, [...itemsOf(connected), ...memberItems(connected.memberships, { ...connected, joinedAt })]),
});

/** A loop, because a handshake can read 50 channels. */
function storedIn(
  found: ReadonlyMap<string, Record<string, AttributeValue>>,
  channels: readonly string[],
  now: Now,
): StoredChannels["channels"] {
  const stored = new Map<string, { newcomers: number; isDue: boolean }>();
  for (const each of channels) {
    const channel = storedChannel(each, found.get(keyText(channelKey(each))), now);
    if (!channel.isLive) continue;
    const { newcomers } = growthAt(channel.growths, now());
    stored.set(each, { newcomers, isDue: isDue(each, channel, now) });
  }
  return stored;
}

function itemsOf(connected: Connected) {
  const { address } = connected;
  const own = [connectionItem(connected), userItem(connected)];
  return address === undefined ? own : [...own, addressItem(address, connected)];
}
