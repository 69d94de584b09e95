import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { REPEAT_SECONDS } from "../../chat/message.ts";
import type { Claim, Now, Repeatable, Repeats } from "../../chat/ports.ts";
import { repeatKey } from "./keys.ts";
import { secondsOf, type Table, unlessRefused, unlessThereAt } from "./table.ts";

/** `blocked`: the id of a blocked message, which a claim may replace. */
function unlessClaimed(now: Now, blocked: string | undefined) {
  const free = unlessThereAt(now);
  if (blocked === undefined) return free;
  return {
    ...free,
    ConditionExpression: `${free.ConditionExpression} OR (message = :blocked AND isSaid = :false)`,
    ExpressionAttributeValues: {
      ...free.ExpressionAttributeValues,
      ...marshall({ ":blocked": blocked, ":false": false }),
    },
  };
}

/** Requests by the ids that clients have given them, one item each, for ten minutes. */
export const repeats = (table: Table, now: Now): Repeats => {
  const itemOf = (request: Repeatable, { message, isSaid }: Claim) => ({
    TableName: table.name,
    Item: marshall({ ...repeatKey(request), message, isSaid, ttl: secondsOf(now) + REPEAT_SECONDS }),
  });

  return {
    async claim(request, blocked) {
      const claim = { message: request.message, isSaid: false };
      const command = new PutItemCommand({ ...itemOf(request, claim), ...unlessClaimed(now, blocked) });
      if (await unlessRefused(table.client.send(command))) return claim;
      const { Item } = await table.client.send(
        new GetItemCommand({ TableName: table.name, Key: marshall(repeatKey(request)), ConsistentRead: true }),
      );
      if (!Item) return claim;
      const { message, isSaid } = unmarshall(Item);
      return { message, isSaid };
    },

    async settle(request) {
      await table.client.send(new PutItemCommand(itemOf(request, { message: request.message, isSaid: true })));
    },
  };
};
