import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Confirmations } from "../../chatops/ports.ts";
import type { Unconfirmed } from "../../chatops/rules.ts";
import { confirmationKey } from "./keys.ts";
import { type Table, unlessRefused } from "./table.ts";

/** What waits for a second person, as items of one service. Readers see to the end of each by its `until`. */
export const confirmations = (table: Table, service: string): Confirmations => {
  const itemOf = (code: string) => ({ TableName: table.name, Key: marshall(confirmationKey(service, code)) });

  return {
    async put({ code, ...unconfirmed }) {
      const ttl = Math.ceil(unconfirmed.until / 1000);
      const Item = marshall({ ...confirmationKey(service, code), ...unconfirmed, ttl });
      // A code that waits already is not overwritten: that would fail for who asked, and is once in a thousand million.
      const ConditionExpression = "attribute_not_exists(pk)";
      await table.client.send(new PutItemCommand({ TableName: table.name, Item, ConditionExpression }));
    },

    async get(code) {
      const { Item } = await table.client.send(new GetItemCommand({ ...itemOf(code), ConsistentRead: true }));
      if (!Item) return undefined;
      const { service: of, action, by, until } = unmarshall(Item);
      return { code, service: of, action, by, until } satisfies Unconfirmed;
    },

    async take(code) {
      const command = new DeleteItemCommand({ ...itemOf(code), ConditionExpression: "attribute_exists(pk)" });
      return (await unlessRefused(table.client.send(command))) !== undefined;
    },
  };
};
