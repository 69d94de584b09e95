import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { NewMessageId } from "../../chat/ports.ts";
import type { Confirmations } from "../../chatops/ports.ts";
import type { PendingConfirmation } from "../../chatops/rules.ts";
import { confirmationKey } from "./keys.ts";
import { type Table, unlessRefused } from "./table.ts";

export interface Confirming {
  readonly service: string;
  /** Identifies the request that takes a code. */
  readonly newId: NewMessageId;
}

/**
 * What waits for a second person, as items of one service. Readers check `until`, because TTL deletes late. A code that is
 * taken is marked, not deleted: if the SDK repeats a write whose answer is lost, it finds its own mark.
 */
export const confirmations = (table: Table, { service, newId }: Confirming): Confirmations => {
  const itemOf = ({ code, ...unconfirmed }: PendingConfirmation) => {
    const ttl = Math.ceil(unconfirmed.until / 1000);
    return { ...confirmationKey(service, code), ...unconfirmed, ttl };
  };

  return {
    async put(unconfirmed) {
      const command = new PutItemCommand({
        TableName: table.name,
        Item: marshall(itemOf(unconfirmed)),
        // A code of another request is not overwritten. The chance of that is one in a thousand million.
        ConditionExpression: "attribute_not_exists(pk) OR #by = :by AND #until = :until",
        ExpressionAttributeNames: { "#by": "by", "#until": "until" },
        ExpressionAttributeValues: marshall({ ":by": unconfirmed.by, ":until": unconfirmed.until }),
      });
      await table.client.send(command);
    },

    async get(code) {
      const Key = marshall(confirmationKey(service, code));
      const command = new GetItemCommand({ TableName: table.name, Key, ConsistentRead: true });
      const { Item } = await table.client.send(command);
      if (!Item || Item.takenBy) return undefined;
      const { service: of, action, by, until } = unmarshall(Item);
      return { code, service: of, action, by, until } satisfies PendingConfirmation;
    },

    async take(unconfirmed) {
      const takenBy = newId();
      const command = new PutItemCommand({
        TableName: table.name,
        Item: marshall({ ...itemOf(unconfirmed), takenBy }),
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(takenBy) OR takenBy = :takenBy",
        ExpressionAttributeValues: marshall({ ":takenBy": takenBy }),
      });
      return (await unlessRefused(table.client.send(command))) !== undefined;
    },
  };
};
