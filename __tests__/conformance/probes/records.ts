import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { ProbeRecord } from "./order.ts";

const DAY_SECONDS = 86_400;

const client = new DynamoDBClient();
const TableName = process.env.TABLE_NAME;

/** Records an event under the key of a test. */
export async function addRecord(key: string, record: Omit<ProbeRecord, "recordedAt">, kind: string): Promise<void> {
  const now = Date.now();
  const Item = {
    pk: { S: key },
    sk: { S: `${now}#${kind}#${record.event.requestContext.requestId}` },
    ttl: { N: String(Math.floor(now / 1000) + DAY_SECONDS) },
    record: { S: JSON.stringify({ ...record, recordedAt: now }) },
  };
  await client.send(new PutItemCommand({ TableName, Item }));
}

/** Returns the records with a key, in order of time. */
export async function readRecords(key: string): Promise<ProbeRecord[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :key",
      ExpressionAttributeValues: { ":key": { S: key } },
    }),
  );
  return Items.map(({ record }) => JSON.parse(record?.S ?? ""));
}
