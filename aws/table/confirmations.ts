import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { NewMessageId } from "../../chat/ports.ts";
import type { Confirmations } from "../../chatops/ports.ts";
import type { PendingConfirmation } from "../../chatops/rules.ts";
import { confirmationKey } from "./keys.ts";
import { type Table, unlessRefused } from "./table.ts";

export interface Confirming {
  readonly service: string;
  /** Identifies the request that uses a code. */
  readonly newId: NewMessageId;
}

/**
 * Actions of one service that wait for confirmation by a second person, one item each. Readers check `until`, because TTL
 * deletes late. A used code is marked, not deleted: if the SDK retries a write whose response is lost, it finds its own mark.
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
        // Does not overwrite the code of another request, in the unlikely case that both have the same.
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
