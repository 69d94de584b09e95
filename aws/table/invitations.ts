import { marshall } from "@aws-sdk/util-dynamodb";
import { channelTtlSeconds, isAgeing } from "../../chat/channel.ts";
import type { Now } from "../../chat/ports.ts";
import type { Invitations } from "../../chat/user-ports.ts";
import { invitationKey } from "./keys.ts";
import { ifConditionHolds, isLive, type Table } from "./table.ts";

/** Invitations, one item each, in a partition per channel. The use of an invitation renews its TTL, at most once in 15 days. */
export const invitations = (table: Table, now: Now): Invitations => {
  const itemOf = (channel: string, user: string) => ({
    TableName: table.name,
    Key: marshall(invitationKey(channel, user)),
  });
  const prolong = (channel: string, user: string): Promise<unknown> =>
    ifConditionHolds(
      table.send("UpdateItem", {
        ...itemOf(channel, user),
        UpdateExpression: "SET #ttl = :ttl",
        // The invitation may have been withdrawn in the meantime.
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: marshall({ ":ttl": channelTtlSeconds(now()) }),
      }),
    );

  return {
    async give(channel, user) {
      const item = { ...invitationKey(channel, user), ttl: channelTtlSeconds(now()) };
      await table.send("PutItem", { TableName: table.name, Item: marshall(item) });
    },

    async withdraw(channel, user) {
      await table.send("DeleteItem", itemOf(channel, user));
    },

    async use(channel, user) {
      const { Item } = await table.send("GetItem", { ...itemOf(channel, user), ConsistentRead: true });
      if (!Item || !isLive(Item, now)) return false;
      if (isAgeing(Number(Item.ttl?.N), now())) await prolong(channel, user);
      return true;
    },
  };
};
