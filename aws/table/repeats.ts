import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { REPEAT_SECONDS } from "../../chat/message.ts";
import type { Now, Repeats } from "../../chat/ports.ts";
import { repeatKey } from "./keys.ts";
import { type Table, unlessRefused } from "./table.ts";

/** Requests by the ids that clients gave them, each for ten minutes. */
export const repeats = (table: Table, now: Now): Repeats => ({
  async claim(request) {
    const { message } = request;
    const seconds = Math.floor(now() / 1000);
    const command = new PutItemCommand({
      TableName: table.name,
      Item: marshall({ ...repeatKey(request), message, ttl: seconds + REPEAT_SECONDS }),
      ConditionExpression: "attribute_not_exists(pk) OR #ttl <= :now",
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ExpressionAttributeValues: marshall({ ":now": seconds }),
    });
    if (await unlessRefused(table.client.send(command))) return message;
    const { Item } = await table.client.send(
      new GetItemCommand({ TableName: table.name, Key: marshall(repeatKey(request)), ConsistentRead: true }),
    );
    return Item ? unmarshall(Item).message : message;
  },
});
