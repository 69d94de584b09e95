import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { NewMessageId } from "../../chat/ports.ts";
import type { Trail } from "../../chatops/trail.ts";
import { trailKey } from "./keys.ts";
import { SPARSE, type Table } from "./table.ts";

/** The audit trail as items that never expire. Nobody can guess the id of a line: half of it is random. */
export const trail = (table: Table, newId: NewMessageId): Trail => ({
  async add(entry) {
    const command = new PutItemCommand({
      TableName: table.name,
      Item: marshall({ ...trailKey(entry, newId()), ...entry }, SPARSE),
      ConditionExpression: "attribute_not_exists(pk)",
    });
    await table.client.send(command);
  },
});
