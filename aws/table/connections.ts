import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { ttlSeconds } from "../../chat/connection.ts";
import type { Connections } from "../../chat/ports.ts";
import { connectionKey } from "./keys.ts";
import type { Table } from "./table.ts";

/** Connections as items: each knows its channels, so that removing one says all there is to clean. */
export const connections = (table: Table): Connections => ({
  async add(connection, memberships) {
    const item = {
      ...connectionKey(connection.id),
      connectedAt: connection.connectedAt,
      channels: Object.fromEntries(memberships.map(({ channel, shard }) => [channel, shard])),
      ttl: ttlSeconds(connection),
    };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item) }));
  },

  async remove(connectionId) {
    const { Attributes } = await table.client.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: marshall(connectionKey(connectionId)),
        ReturnValues: "ALL_OLD",
      }),
    );
    const channels: Record<string, number> = Attributes ? unmarshall(Attributes).channels : {};
    return Object.entries(channels).map(([channel, shard]) => ({ channel, shard }));
  },
});
