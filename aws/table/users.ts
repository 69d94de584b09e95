import { DeleteItemCommand, PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Member, ttlSeconds } from "../../chat/connection.ts";
import type { Now, Users } from "../../chat/ports.ts";
import { userKey, userPartition } from "./keys.ts";
import { memberOf } from "./members.ts";
import { SPARSE, type Table, thereAt } from "./table.ts";

/** The connections of authenticated users, one item each, in a partition per user. */
export const users = (table: Table, now: Now): Users => ({
  async add({ id, connectedAt, user, protocol, expiresAt }) {
    const item = { ...userKey(user, id), connectedAt, user, protocol, expiresAt, ttl: ttlSeconds({ id, connectedAt }) };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item, SPARSE) }));
  },

  async connectionsOf(user) {
    const there = thereAt(now);
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :connection)",
      ...there,
      ExpressionAttributeValues: {
        ...there.ExpressionAttributeValues,
        ...marshall({ ":pk": userPartition(user), ":connection": userKey(user, "").sk }),
      },
      ConsistentRead: true,
    };
    const found: Member[] = [];
    for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
      found.push(...Items.map((item) => memberOf(unmarshall(item))));
    }
    return found;
  },

  async remove(user, connectionId) {
    const Key = marshall(userKey(user, connectionId));
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
  },
});
