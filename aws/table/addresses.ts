import { DeleteItemCommand, PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { ttlSeconds } from "../../chat/connection.ts";
import type { Addresses, Now } from "../../chat/ports.ts";
import { addressKey } from "./keys.ts";
import { type Table, thereAt } from "./table.ts";

/** The connections from each address as items beside each other. One that nobody removed ends with the longest life of a connection. */
export const addresses = (table: Table, now: Now): Addresses => ({
  async add(address, connection) {
    const item = { ...addressKey(address, connection.id), ttl: ttlSeconds(connection) };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item) }));
  },

  async count(address) {
    const there = thereAt(now);
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ...there,
      ExpressionAttributeValues: {
        ...there.ExpressionAttributeValues,
        ...marshall({ ":pk": addressKey(address, "").pk }),
      },
      Select: "COUNT",
      ConsistentRead: true,
    } as const;
    let count = 0;
    for await (const { Count = 0 } of paginateQuery({ client: table.client }, query)) count += Count;
    return count;
  },

  async remove(address, connectionId) {
    const Key = marshall(addressKey(address, connectionId));
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
  },
});
