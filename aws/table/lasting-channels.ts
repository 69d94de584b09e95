import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { LASTING_CHANNELS_MAX } from "../../chat/channel.ts";
import type { LastingChannels } from "../../chat/user-ports.ts";
import { lastingChannelsKey } from "./keys.ts";
import { ifConditionHolds, isRetried, type Table } from "./table.ts";

/** The lasting channels of users, one item each, with a string set. It never expires. */
export const lastingChannels = (table: Table): LastingChannels => {
  const itemOf = (user: string) => ({ TableName: table.name, Key: marshall(lastingChannelsKey(user)) });

  return {
    async add(user, channel) {
      const output = await ifConditionHolds(
        table.send("UpdateItem", {
          ...itemOf(user),
          UpdateExpression: "ADD channels :channels",
          ConditionExpression:
            "attribute_not_exists(channels) OR contains(channels, :channel) OR size(channels) < :max",
          ExpressionAttributeValues: {
            ":channels": { SS: [channel] },
            ":channel": { S: channel },
            ":max": { N: String(LASTING_CHANNELS_MAX) },
          },
        }),
      );
      return output !== undefined;
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

/** The channels in a user's item. Undefined if the item does not exist. */
export const channelsIn = (item: Record<string, AttributeValue> | undefined): readonly string[] =>
  item?.channels?.SS ?? [];
