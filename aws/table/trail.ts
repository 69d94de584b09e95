import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { NewMessageId } from "../../chat/ports.ts";
import type { AuditTrail } from "../../chatops/audit-trail.ts";
import { trailKey } from "./keys.ts";
import { isRetried, SPARSE, type Table } from "./table.ts";

/** The audit trail as items that never expire. The id of a line is half random, so no caller can guess the id of another. */
export const trail = (table: Table, newId: NewMessageId): AuditTrail => ({
  async add(entry) {
    const command = new PutItemCommand({
      TableName: table.name,
      Item: marshall({ ...trailKey(entry, newId()), ...entry }, SPARSE),
      ConditionExpression: "attribute_not_exists(pk)",
    });
    try {
      await table.client.send(command);
    } catch (fault) {
      // No other line has this id, so the SDK's retry has found the line of its first attempt.
      const isStored = fault instanceof ConditionalCheckFailedException && isRetried(fault.$metadata);
      if (!isStored) throw fault;
    }
  },
});
