import {
  DeleteItemCommand,
  GetItemCommand,
  type GetItemCommandInput,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type Store, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { unitsOf } from "../support/units.ts";

const TableName = "capacity";

/** An item of this size. DynamoDB counts the bytes of names and values: `pk` and "a", `sk` and the key, `x` and the rest. */
const anItem = (sk: string, bytes: number) => ({ pk: "a", sk, x: "x".repeat(bytes - "pkaskx".length - sk.length) });
const keyOf = (sk: string) => ({ TableName, Key: marshall({ pk: "a", sk }) });

/* https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
describe("emulator/dynamodb, consumed capacity", () => {
  let store: Store;
  before(async () => {
    store = await startStore({}, guardOptions());
    await createTables(store.client, [aTable(TableName)]);
  });
  after(() => store.stop());

  const counting = (send: (client: Store["client"]) => Promise<unknown>) =>
    unitsOf(store.client, () => send(store.client));
  const put = (sk: string, bytes: number) =>
    counting((client) => client.send(new PutItemCommand({ TableName, Item: marshall(anItem(sk, bytes)) })));
  const get = (sk: string, own: Partial<GetItemCommandInput> = {}) =>
    counting((client) => client.send(new GetItemCommand({ ...keyOf(sk), ...own })));
  const remove = (sk: string) => counting((client) => client.send(new DeleteItemCommand(keyOf(sk))));
  const query = (prefix: string, own: Partial<QueryCommandInput> = {}) => {
    const command = new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: marshall({ ":pk": "a", ":prefix": prefix }),
      ...own,
    });
    return counting((client) => client.send(command));
  };

  it("is one write unit for each started KB of the larger item, before or after the write", async () => {
    expect(await put("write", 1024)).to.deep.equal({ reads: 0, writes: 1 });
    expect(await put("write", 1025)).to.deep.equal({ reads: 0, writes: 2 });
    expect(await put("write", 100)).to.deep.equal({ reads: 0, writes: 2 });
    await put("write", 2049);
    const cut = { UpdateExpression: "SET x = :x", ExpressionAttributeValues: marshall({ ":x": "x" }) };
    const update = new UpdateItemCommand({ ...keyOf("write"), ...cut });
    expect(await counting((client) => client.send(update))).to.deep.equal({ reads: 0, writes: 3 });
    await put("write", 2048);
    expect(await remove("write")).to.include({ writes: 2 });
  });

  it("is one write unit for deleting an item that does not exist", async () => {
    expect(await remove("nothing")).to.deep.equal({ reads: 0, writes: 1 });
  });

  it("is one write unit if the condition on a small item fails", async () => {
    const command = new DeleteItemCommand({ ...keyOf("nothing"), ConditionExpression: "attribute_exists(pk)" });
    expect(await counting((client) => rejection(client.send(command)))).to.deep.equal({ reads: 0, writes: 1 });
  });

  it("is one read unit for each started 4 KB, and half of it for an eventually consistent read", async () => {
    await put("read", 4096);
    expect(await get("read")).to.deep.equal({ reads: 0.5, writes: 0 });
    await put("read", 4097);
    expect(await get("read")).to.include({ reads: 1 });
    expect(await get("read", { ConsistentRead: true })).to.include({ reads: 2 });
    expect(await get("nothing")).to.include({ reads: 0.5 });
  });

  it("is calculated from the total size of a query's items, including filtered ones", async () => {
    for (const sk of ["query-1", "query-2", "query-3", "query-4"]) await put(sk, 1024);
    expect(await query("query-")).to.deep.equal({ reads: 0.5, writes: 0 });
    await put("query-5", 100);
    expect(await query("query-")).to.include({ reads: 1 });
    expect(await query("query-", { FilterExpression: "attribute_not_exists(x)" })).to.include({ reads: 1 });
    expect(await query("query-", { ConsistentRead: true, Limit: 4 })).to.include({ reads: 1 });
  });

  it("is the minimum for a query without results", async () => {
    expect(await query("nothing")).to.deep.equal({ reads: 0.5, writes: 0 });
    expect(await query("nothing", { ConsistentRead: true })).to.include({ reads: 1 });
  });

  it("is not available for an unknown command", async () => {
    expect(await rejection(counting((client) => client.send(new ListTablesCommand())))).to.include(
      "A ListTablesCommand is not counted.",
    );
  });
});
