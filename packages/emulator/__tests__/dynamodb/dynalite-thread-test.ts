import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { startDynamodb } from "../../src/dynamodb/dynamodb.ts";
import type { Store } from "../../src/dynamodb/store.ts";
import type { TableConfig } from "../../src/terraform/tables.ts";
import { guardOptions, NOON } from "../support/dynamodb.ts";

const table: TableConfig = {
  name: "items",
  keys: [{ attribute: "pk", role: "HASH", type: "S" }],
  indexes: [],
  ttlAttribute: undefined,
};

const HEADERS = {
  "Content-Type": "application/x-amz-json-1.0",
  Authorization: "AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none",
  "X-Amz-Date": "20260701T120000Z",
};

describe("dynamodb/dynalite-thread", () => {
  let store: Store;
  const reports: string[] = [];
  before(async () => {
    const guard = guardOptions([table], { report: (sentence) => reports.push(sentence) });
    store = await startDynamodb({ ...guard, now: () => NOON });
    await store.client.send(new PutItemCommand({ TableName: "items", Item: marshall({ pk: "a" }) }));
  });
  after(() => store.stop());

  /** Sends what the SDK would not send. Returns the name and the text of the error. */
  const send = async (operation: string, request: unknown): Promise<string> => {
    const response = await fetch(store.url, {
      method: "POST",
      headers: { ...HEADERS, "X-Amz-Target": `DynamoDB_20120810.${operation}` },
      body: typeof request === "string" ? request : JSON.stringify(request),
    });
    const { __type, message } = (await response.json()) as { readonly __type?: string; readonly message?: string };
    return [response.status, __type?.split("#")[1], message].filter((part) => part !== undefined).join(" ");
  };
  const TableName = "items";
  const query = (KeyConditionExpression: string) => {
    const ExpressionAttributeValues = marshall({ ":a": "a" });
    return send("Query", { TableName, KeyConditionExpression, ExpressionAttributeValues });
  };
  const grouped = (levels: number, inner: string) => `${"(pk = :a OR ".repeat(levels)}${inner}${")".repeat(levels)}`;

  it("answers a health check, which has no operation, without IAM, and reports nothing", async () => {
    const before = reports.length;
    const response = await fetch(store.url);
    expect(await response.text()).to.match(/^healthy: dynamodb/);
    expect(reports.slice(before)).to.deep.equal([]);
  });

  it("rejects bodies that are not objects", async () => {
    for (const body of ["null", "[]", "5", '"text"']) {
      expect(await send("GetItem", body), body).to.equal("400 SerializationException");
    }
  });

  it("rejects null in the place of a value, and names it", async () => {
    const Key = marshall({ pk: "a" });
    const rejected = {
      "Key.pk": ["GetItem", { TableName, Key: { pk: null } }],
      "Item.list.L.1": ["PutItem", { TableName, Item: { ...Key, list: { L: [{ S: "a" }, null] } } }],
      "KeyConditions.pk": ["Query", { TableName, KeyConditions: { pk: null } }],
      "RequestItems.items": ["BatchGetItem", { RequestItems: { items: null } }],
      "RequestItems.items.0": ["BatchWriteItem", { RequestItems: { items: [null] } }],
    } as const;
    for (const [path, [operation, request]] of Object.entries(rejected)) {
      expect(await send(operation, request), path).to.match(
        new RegExp(`^400 ValidationException One or more parameter values were invalid: ${path} is null\\.`),
      );
    }
    expect(await send("GetItem", { TableName, Key, ConsistentRead: null })).to.equal("200");
  });

  it("rejects values that are nested too deep to be read", async () => {
    const Key = `${'{"M":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    expect(await send("GetItem", `{"TableName":"items","Key":{"pk":${Key}}}`)).to.equal(
      "400 ValidationException Nesting Levels have exceeded supported limits",
    );
  });

  it("rejects expressions of more than 4 KB", async () => {
    expect(await query("(".repeat(8_000))).to.equal(
      "400 ValidationException Invalid KeyConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 8000",
    );
  });

  // dynalite's own parser ends the process for the first expression, and takes minutes for the second.
  it("parses nested parentheses", async () => {
    expect(await query("(".repeat(100))).to.match(
      /^400 ValidationException Invalid KeyConditionExpression: Syntax error/,
    );
    const FilterExpression = grouped(50, "pk = :a");
    const scan = { TableName, FilterExpression, ExpressionAttributeValues: marshall({ ":a": "a" }), Select: "COUNT" };
    expect(await send("Scan", scan)).to.equal("200");
    expect(await query("((pk = :a))")).to.match(/The expression has redundant parentheses/);
    expect(await query("(pk = :a)")).to.equal("200");
  });
});
