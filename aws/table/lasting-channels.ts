import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { LASTING_CHANNELS_MAX } from "../../chat/channel.ts";
import type { LastingChannels } from "../../chat/user-ports.ts";
import { lastingChannelsKey } from "./keys.ts";
import { ifConditionHolds, isRetried, type Table } from "./table.ts";

/** The lasting channels of users, one item each, with a string set of channels and one of groups. It never expires. */
export const lastingChannels = (table: Table): LastingChannels => {
  const itemOf = (user: string) => ({ TableName: table.name, Key: marshall(lastingChannelsKey(user)) });

  return {
    async add(user, channel, groups = []) {
      const output = await ifConditionHolds(
        table.send("UpdateItem", {
          ...itemOf(user),
          UpdateExpression: `ADD channels :channels${groups.length > 0 ? " SET #groups = if_not_exists(#groups, :groups)" : ""}`,
          ConditionExpression:
            "attribute_not_exists(channels) OR contains(channels, :channel) OR size(channels) < :max",
          ExpressionAttributeValues: {
            ":channels": { SS: [channel] },
            ":channel": { S: channel },
            ":max": { N: String(LASTING_CHANNELS_MAX) },
            ...(groups.length > 0 && { ":groups": { SS: [...groups] } }),
          },
          ...(groups.length > 0 && GROUPS),
        }),
      );
      return output !== undefined;
    },

    async setGroups(user, groups) {
      const set = groups.length > 0;
      const input = {
        ...itemOf(user),
        // DynamoDB has no empty sets.
        UpdateExpression: set ? "SET #groups = :groups" : "REMOVE #groups",
        ConditionExpression: "attribute_exists(channels)",
        ...GROUPS,
        ...(set && { ExpressionAttributeValues: { ":groups": { SS: [...groups] } } }),
      };
      await ifConditionHolds(table.send("UpdateItem", input));
    },

    async remove(user, channels) {
      const { Attributes, $metadata } = await table.send("UpdateItem", {
        ...itemOf(user),
        UpdateExpression: "DELETE channels :channels",
        ExpressionAttributeValues: { ":channels": { SS: [...channels] } },
        ReturnValues: "ALL_OLD",
      });
      const before = channelsIn(Attributes);
      // DynamoDB removes an empty set. An update creates a missing item.
      if (before.every((each) => channels.includes(each))) await removeIfEmpty(user);
      return before.some((each) => channels.includes(each)) || isRetried($metadata);
    },
  };

  async function removeIfEmpty(user: string): Promise<void> {
    const condition = { ConditionExpression: "attribute_not_exists(channels)" };
    await ifConditionHolds(table.send("DeleteItem", { ...itemOf(user), ...condition }));
  }
};

/** `groups` is a reserved word: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html */
const GROUPS = { ExpressionAttributeNames: { "#groups": "groups" } };

type Item = Record<string, AttributeValue>;

/** The channels in a user's item. Empty if the item does not exist. */
export const channelsIn = (item: Item | undefined): readonly string[] => item?.channels?.SS ?? [];

/** The groups in a user's item. Empty if the item does not exist. */
export const groupsIn = (item: Item | undefined): readonly string[] => item?.groups?.SS ?? [];
