import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { deleteExpired, startDynamodb } from "../../src/dynamodb/dynamodb.ts";
import type { GuardOptions, Store, StoreOptions } from "../../src/dynamodb/store.ts";
import { close, listen } from "../../src/http-server.ts";
import { parsePolicy } from "../../src/iam/policy.ts";
import { assumedRole, developer } from "../../src/iam/principal.ts";
import type { TableConfig } from "../../src/terraform/tables.ts";
import { guardOptions, NOON, PLACE } from "../support/dynamodb.ts";
import { rejection } from "../support/rejection.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const table: TableConfig = {
  name: "items",
  keys: [{ attribute: "pk", role: "HASH", type: "S" }],
  indexes: [],
  ttlAttribute: "ttl",
};

const put = (client: DynamoDBClient, item: object) =>
  client.send(new PutItemCommand({ TableName: "items", Item: marshall(item) }));

const has = async (client: DynamoDBClient, pk: string): Promise<boolean> =>
  (await client.send(new GetItemCommand({ TableName: "items", Key: marshall({ pk }) }))).Item !== undefined;

describe("dynamodb", () => {
  const stores: Store[] = [];
  const open = async (options: StoreOptions & Partial<GuardOptions> = {}) => {
    const store = await startDynamodb({ ...guardOptions([table]), ...options, now: () => NOON });
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

  it("ignores the FIPS and dual-stack settings of the developer's environment, which exclude local endpoints", async () => {
    const names = ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"];
    sinon.stub(process, "env").value({ ...process.env, ...Object.fromEntries(names.map((name) => [name, "true"])) });
    const { client, url } = await open();
    await put(client, { pk: "a" });
    expect(await has((await open({ dynamodbEndpoint: url })).client, "a")).to.equal(true);
  });

  it("keeps items in a folder between runs", async () => {
    const dataDirectory = temporaryDirectory();
    await put((await open({ dataDirectory })).client, { pk: "a" });
    await stop();
    expect(await has((await open({ dataDirectory })).client, "a")).to.equal(true);
  });

  it("reports that another emulator uses the folder", async () => {
    const dataDirectory = temporaryDirectory();
    await open({ dataDirectory });
    expect(await rejection(open({ dataDirectory }))).to.match(
      /^The tables in .*dynamodb cannot be opened\. Probably another emulator uses them: stop it, or /,
    );
  });

  it("keeps items in an external DynamoDB, and creates its tables", async () => {
    const elsewhere = await open();
    const store = await open({ dynamodbEndpoint: elsewhere.url, ...guardOptions([{ ...table, name: "more" }]) });
    expect(store.description).to.equal(elsewhere.url);
    const { client } = await open({ dynamodbEndpoint: store.url });
    await put(client, { pk: "a" });
    expect(await has(elsewhere.client, "a")).to.equal(true);
  });

  it("responds with a 500 if the external DynamoDB is unreachable, so that the SDK retries", async () => {
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

  it("explains that an external DynamoDB is unreachable at the start", async () => {
    expect(await rejection(open({ dynamodbEndpoint: "http://127.0.0.1:1" }))).to.equal(
      "The DynamoDB at http://127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1. Start it, or pass another address with --dynamodb. Without the flag, the emulator runs its own.",
    );
  });

  it("aborts the requests to an external DynamoDB that does not respond when it stops", async () => {
    const silent = createServer(() => undefined);
    const dynamodbEndpoint = `http://127.0.0.1:${await listen(silent, 0)}`;
    const store = await open({ dynamodbEndpoint, ...guardOptions([]) });
    const asked = once(silent, "request");
    const caller = fetch(store.url, {
      method: "POST",
      body: "{}",
      headers: { "X-Amz-Target": "DynamoDB_20120810.ListTables" },
    }).catch(() => undefined);
    const [request] = await asked;
    const aborted = once(request.socket, "close");
    await stop();
    await aborted;
    await caller;
    await close(silent);
  });

  it("survives an aborted request, such as that of a function that times out", async () => {
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

  it("creates tables with global and local indexes", async () => {
    const key = (attribute: string, role: "HASH" | "RANGE") => ({ attribute, role, type: "S" }) as const;
    const people: TableConfig = {
      name: "people",
      keys: [key("pk", "HASH"), key("sk", "RANGE")],
      indexes: [
        { kind: "global", name: "by-name", keys: [key("name", "HASH")], projection: "ALL", attributes: [] },
        {
          kind: "local",
          name: "by-age",
          keys: [key("pk", "HASH"), key("age", "RANGE")],
          projection: "INCLUDE",
          attributes: ["name"],
        },
      ],
      ttlAttribute: undefined,
    };
    const { client } = await open(guardOptions([people]));
    const item = { pk: "a", sk: "b", name: "anna", age: "9", more: "x" };
    await client.send(new PutItemCommand({ TableName: "people", Item: marshall(item) }));
    const find = async (IndexName: string, attribute: string, value: string) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: "people",
          IndexName,
          KeyConditionExpression: "#key = :value",
          ExpressionAttributeNames: { "#key": attribute },
          ExpressionAttributeValues: { ":value": { S: value } },
        }),
      );
      return Items.map((each) => unmarshall(each));
    };
    expect(await find("by-name", "name", "anna")).to.deep.equal([item]);
    expect(await find("by-age", "pk", "a")).to.deep.equal([{ pk: "a", sk: "b", age: "9", name: "anna" }]);
  });

  for (const where of ["dynalite", "an external DynamoDB"]) {
    it(`rejects unsigned and unauthorized requests before they reach ${where}`, async () => {
      const reports: string[] = [];
      const statements = parsePolicy({
        Statement: { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:*:*:table/items" },
      });
      const role = { address: "aws_iam_role.writer", name: "writer", policies: [{ address: "policy", statements }] };
      const writer = assumedRole(role, { accountId: PLACE.accountId, sessionName: "writer" });
      const principals = [writer, developer(PLACE.accountId)];
      const guard = guardOptions([table], { principals, report: (sentence) => void reports.push(sentence) });
      const elsewhere = where === "dynalite" ? {} : { dynamodbEndpoint: (await open()).url };
      const { url } = await open({ ...guard, ...elsewhere });
      const client = new DynamoDBClient({ endpoint: url, region: PLACE.region, credentials: writer.credentials });
      await put(client, { pk: "a" });

      const denied = await client.send(new ScanCommand({ TableName: "items" })).catch((fault) => fault);
      expect(denied).to.include({
        name: "AccessDeniedException",
        message: `User: ${writer.arn} is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:eu-west-2:000000000000:table/items because no identity-based policy allows the dynamodb:Scan action`,
      });
      const unsigned = await fetch(url, {
        method: "POST",
        body: "{}",
        headers: { "X-Amz-Target": "DynamoDB_20120810.Scan" },
      });
      expect([unsigned.status, await unsigned.json()]).to.deep.equal([
        400,
        {
          __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
          message: "Request is missing Authentication Token",
        },
      ]);
      // The thread sends reports as messages, which can arrive after its response.
      while (reports.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(reports).to.deep.equal([
        "aws_iam_role.writer is not allowed to perform dynamodb:Scan on arn:aws:dynamodb:eu-west-2:000000000000:table/items. Grant it in policy, or start with --no-iam.",
        "A request to dynamodb was rejected: Request is missing Authentication Token",
      ]);
      client.destroy();
    });
  }

  describe("expiry", () => {
    it("deletes only items past their TTL", async () => {
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

    it("ignores tables without TTL", async () => {
      const { client } = await open();
      await put(client, { pk: "past", ttl: 1 });
      await deleteExpired({ client, tables: [{ ...table, ttlAttribute: undefined }], now: () => NOON });
      expect(await has(client, "past")).to.equal(true);
    });

    it("keeps an item that was renewed after the scan", async () => {
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
