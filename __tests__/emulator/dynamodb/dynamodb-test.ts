import { connect } from "node:net";
import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { startDynamodb } from "../../../emulator/dynamodb/dynamodb.ts";
import { deleteExpired } from "../../../emulator/dynamodb/expiry.ts";
import type { Store, StoreOptions } from "../../../emulator/dynamodb/store.ts";
import type { TableConfig } from "../../../emulator/terraform/tables.ts";
import { NOON } from "../../support/builders.ts";
import { rejection } from "../../support/rejection.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const table: TableConfig = { name: "items", keys: [{ attribute: "pk", role: "HASH", type: "S" }], ttlAttribute: "ttl" };

const put = (client: DynamoDBClient, item: object) =>
  client.send(new PutItemCommand({ TableName: "items", Item: marshall(item) }));

const has = async (client: DynamoDBClient, pk: string): Promise<boolean> =>
  (await client.send(new GetItemCommand({ TableName: "items", Key: marshall({ pk }) }))).Item !== undefined;

describe("emulator/dynamodb", () => {
  const stores: Store[] = [];
  const open = async (options: StoreOptions = {}) => {
    const store = await startDynamodb({ ...options, region: "eu-west-2", tables: [table], now: () => NOON });
    stores.push(store);
    return store;
  };
  const stop = async () => {
    for (const store of stores.splice(0).reverse()) await store.stop();
  };
  afterEach(async () => {
    sinon.restore();
    await stop();
  });

  it("keeps items in memory until it stops", async () => {
    const first = await open();
    await put(first.client, { pk: "a" });
    expect(await has(first.client, "a")).to.equal(true);
    await stop();
    expect(await has((await open()).client, "a")).to.equal(false);
  });

  it("keeps items in a folder from one run to the next", async () => {
    const dataDirectory = temporaryDirectory();
    await put((await open({ dataDirectory })).client, { pk: "a" });
    await stop();
    expect(await has((await open({ dataDirectory })).client, "a")).to.equal(true);
  });

  it("says that a folder is in use by another", async () => {
    const dataDirectory = temporaryDirectory();
    await open({ dataDirectory });
    expect(await rejection(open({ dataDirectory }))).to.match(/^The embedded DynamoDB broke down: .* another emulator/);
  });

  it("keeps items in another DynamoDB, whose tables it makes", async () => {
    const elsewhere = await open();
    const store = await startDynamodb({
      dynamodbEndpoint: elsewhere.url,
      region: "eu-west-2",
      tables: [{ ...table, name: "more" }],
      now: () => NOON,
    });
    stores.push(store);
    expect(store.description).to.equal(elsewhere.url);
    const { client } = await open({ dynamodbEndpoint: store.url });
    await put(client, { pk: "a" });
    expect(await has(elsewhere.client, "a")).to.equal(true);
  });

  it("answers 500 when the other DynamoDB is away, so that the SDK tries again", async () => {
    const elsewhere = await open();
    const { url } = await open({ dynamodbEndpoint: elsewhere.url });
    await elsewhere.stop();
    stores.splice(0, 1);
    const response = await fetch(url, {
      method: "POST",
      body: "{}",
      headers: { "X-Amz-Target": "DynamoDB_20120810.ListTables" },
    });
    expect(response.status).to.equal(500);
  });

  it("survives a request that breaks off, as that of a function whose time is up", async () => {
    const { url, client } = await open();
    const { hostname, port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{", () => socket.destroy());
      socket.once("close", () => resolve());
    });
    await put(client, { pk: "a" });
    expect(await has(client, "a")).to.equal(true);
  });

  describe("expiry", () => {
    it("deletes the items past their TTL, and no others", async () => {
      const { client } = await open();
      const now = NOON / 1000;
      await put(client, { pk: "past", ttl: now - 1 });
      await put(client, { pk: "not yet", ttl: now });
      await put(client, { pk: "never" });
      await put(client, { pk: "no number", ttl: "0" });

      await deleteExpired({ client, tables: [table], now: () => NOON });

      const { Items = [] } = await client.send(new ScanCommand({ TableName: "items" }));
      expect(Items.map(({ pk }) => pk?.S)).to.have.members(["not yet", "never", "no number"]);
    });

    it("leaves tables alone whose items do not end", async () => {
      const { client } = await open();
      await put(client, { pk: "past", ttl: 1 });
      await deleteExpired({ client, tables: [{ ...table, ttlAttribute: undefined }], now: () => NOON });
      expect(await has(client, "past")).to.equal(true);
    });

    it("spares an item that was renewed after it was found", async () => {
      const { client } = await open();
      await put(client, { pk: "a", ttl: 1 });
      const send = client.send.bind(client);
      sinon.stub(client, "send").callsFake((async (command: never) => {
        if ((command as object) instanceof DeleteItemCommand)
          await send(new PutItemCommand({ TableName: "items", Item: marshall({ pk: "a", ttl: NOON }) }));
        return send(command);
      }) as never);

      await deleteExpired({ client, tables: [table], now: () => NOON });

      expect(await has(client, "a")).to.equal(true);
    });
  });
});
