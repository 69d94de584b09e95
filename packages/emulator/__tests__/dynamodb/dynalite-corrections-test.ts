import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeLimitsCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ExecuteTransactionCommand,
  GetItemCommand,
  ListBackupsCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, type NativeAttributeValue } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { startDynamodb } from "../../src/dynamodb/dynamodb.ts";
import type { Store } from "../../src/dynamodb/store.ts";
import type { TableConfig } from "../../src/terraform/tables.ts";
import { guardOptions, NOON } from "../support/dynamodb.ts";
import { rejection } from "../support/rejection.ts";

const table: TableConfig = {
  name: "items",
  keys: [{ attribute: "pk", role: "HASH", type: "S" }],
  indexes: [
    {
      kind: "global",
      name: "by-room",
      keys: [{ attribute: "room", role: "HASH", type: "S" }],
      projection: "ALL",
      attributes: [],
    },
  ],
  ttlAttribute: "expires",
};

describe("dynamodb/dynalite-corrections", () => {
  let store: Store;
  let client: DynamoDBClient;
  before(async () => {
    store = await startDynamodb({ ...guardOptions([table]), now: () => NOON });
    ({ client } = store);
  });
  after(() => store.stop());

  const TableName = "items";
  const Key = marshall({ pk: "a" });
  const put = (item: object, more: object = {}) =>
    client.send(new PutItemCommand({ TableName, Item: marshall(item), ...more }));
  const update = (room: string) =>
    client.send(
      new UpdateItemCommand({
        ...{ TableName, Key, UpdateExpression: "SET room = :room" },
        ExpressionAttributeValues: marshall({ ":room": room }),
      }),
    );

  it("rejects an empty index key in each kind of write", async () => {
    const PutRequest = { Item: marshall({ pk: "a", room: "" }) };
    const item =
      /A value specified for a secondary index key is not supported\. The AttributeValue for a key attribute cannot contain an empty string value\. IndexName: by-room, IndexKey: room$/;
    expect(await rejection(put({ pk: "a", room: "" }))).to.match(item);
    expect(
      await rejection(client.send(new BatchWriteItemCommand({ RequestItems: { items: [{ PutRequest }] } }))),
    ).to.match(item);
    expect(await rejection(update(""))).to.match(/attempted to update a secondary index key .* IndexKey: room$/);
  });

  it("accepts an index key with a value, and an item without it", async () => {
    await put({ pk: "a", other: "" });
    await update("lobby");
  });

  it("returns the item of a failed condition only if asked", async () => {
    await put({ pk: "a", room: "lobby" });
    const condition = { ConditionExpression: "attribute_not_exists(pk)" };
    const asked = { ...condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
    const itemOf = (sent: Promise<unknown>) => sent.catch(({ name, Item }) => ({ name, Item }));
    const name = "ConditionalCheckFailedException";
    const Item = marshall({ pk: "a", room: "lobby" });
    expect(await itemOf(put({ pk: "a" }, asked))).to.deep.equal({ name, Item });
    expect(await itemOf(client.send(new DeleteItemCommand({ TableName, Key, ...asked })))).to.deep.equal({
      name,
      Item,
    });
    expect(await itemOf(client.send(new UpdateItemCommand({ TableName, Key, ...asked })))).to.deep.equal({
      name,
      Item,
    });
    expect(await itemOf(put({ pk: "a" }, condition))).to.deep.equal({ name, Item: undefined });
  });

  it("rejects values that are nested more than 32 levels, in each kind of write", async () => {
    const nested = (levels: number) =>
      Array.from({ length: levels }).reduce<unknown>((inner) => [inner], "x") as NativeAttributeValue;
    const set = (value: NativeAttributeValue) =>
      client.send(
        new UpdateItemCommand({
          ...{ TableName, Key, UpdateExpression: "SET deep = :value" },
          ExpressionAttributeValues: marshall({ ":value": value }),
        }),
      );
    await put({ pk: "a", deep: nested(32) });
    await set(nested(32));
    const message = "Nesting Levels have exceeded supported limits";
    expect(await rejection(put({ pk: "a", deep: nested(33) }))).to.equal(message);
    expect(await rejection(set(nested(33)))).to.equal(message);
  });

  it("accepts the ARN of a table", async () => {
    await put({ pk: "by-arn" }, { TableName: "arn:aws:dynamodb:eu-west-2:000000000000:table/items" });
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: "arn:aws:dynamodb:eu-west-2:000000000000:table/items",
        Key: marshall({ pk: "by-arn" }),
      }),
    );
    expect(Item).to.deep.equal(marshall({ pk: "by-arn" }));
  });

  it("describes the TTL that the Terraform declares", async () => {
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).to.deep.equal({ TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
  });

  it("has no backups", async () => {
    const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).to.equal(
      "DISABLED",
    );
    expect((await client.send(new ListBackupsCommand({ TableName }))).BackupSummaries).to.deep.equal([]);
  });

  it("rejects other operations by name", async () => {
    const Statement = 'SELECT * FROM "items"';
    const messages = await Promise.all(
      [
        new UpdateTimeToLiveCommand({
          TableName,
          TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
        }),
        new ExecuteTransactionCommand({ TransactStatements: [{ Statement }] }),
        new DescribeLimitsCommand({}),
      ].map((command) => rejection(client.send(command as DescribeLimitsCommand))),
    );
    expect(messages.map((message) => message.split(". ")[0])).to.deep.equal([
      "The embedded DynamoDB does not support UpdateTimeToLive",
      "The embedded DynamoDB does not support ExecuteTransaction",
      "The embedded DynamoDB does not support DescribeLimits",
    ]);
  });

  it("rejects transactions by name", async () => {
    const TransactItems = [{ Put: { TableName, Item: Key } }];
    expect(await rejection(client.send(new TransactWriteItemsCommand({ TransactItems })))).to.match(
      /^The embedded DynamoDB does not support TransactWriteItems\. Use single operations .* --dynamodb\.$/,
    );
  });
});
