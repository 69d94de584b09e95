import { expect } from "chai";
import { accessesOf } from "../../src/dynamodb/access.ts";
import type { Access } from "../../src/iam/evaluate.ts";
import type { TableConfig } from "../../src/terraform/tables.ts";
import { PLACE } from "../support/dynamodb.ts";

const hash = (attribute: string) => ({ attribute, role: "HASH", type: "S" }) as const;

const table: TableConfig = {
  name: "items",
  keys: [hash("pk"), { attribute: "sk", role: "RANGE", type: "S" }],
  indexes: [{ kind: "global", name: "by-user", keys: [hash("user")], projection: "ALL", attributes: [] }],
  ttlAttribute: undefined,
};

const ARN = "arn:aws:dynamodb:eu-west-2:000000000000:table/items";

const accesses = (operation: string, body: unknown): readonly Access[] | undefined =>
  accessesOf({ operation, body }, { tables: [table], place: PLACE });

const access = (action: string, keys: readonly string[] = [], resource = ARN): Access => ({
  action: `dynamodb:${action}`,
  resource,
  ...(keys.length > 0 && { context: { "dynamodb:leadingkeys": keys } }),
});

const item = (pk: string) => ({ pk: { S: pk }, sk: { S: "s" } });
const of = (own: object) => ({ TableName: "items", ...own });

describe("dynamodb/access", () => {
  it("returns the operation on the table, with the partition key of the item", () => {
    expect(accesses("PutItem", of({ Item: item("a") }))).to.deep.equal([access("PutItem", ["a"])]);
    for (const operation of ["GetItem", "UpdateItem", "DeleteItem"]) {
      expect(accesses(operation, of({ Key: item("a") }))).to.deep.equal([access(operation, ["a"])]);
    }
  });

  it("reads the key that DynamoDB uses, and ignores the other one", () => {
    const both = { Item: item("ignored"), Key: item("used") };
    expect(accesses("GetItem", of(both))).to.deep.equal([access("GetItem", ["used"])]);
    expect(accesses("PutItem", of({ Item: item("used"), Key: item("ignored") }))).to.deep.equal([
      access("PutItem", ["used"]),
    ]);
    expect(accesses("BatchWriteItem", { RequestItems: { items: [{ DeleteRequest: both }] } })).to.deep.equal([
      access("BatchWriteItem", ["used"]),
    ]);
    expect(accesses("TransactGetItems", { TransactItems: [{ Get: of(both) }] })).to.deep.equal([
      access("GetItem", ["used"]),
    ]);
  });

  it("returns what a query or a scan selects, if the request names it", () => {
    const KeyConditionExpression = "pk = :pk";
    const query = of({ KeyConditionExpression, ExpressionAttributeValues: { ":pk": { S: "a" } }, Select: "COUNT" });
    const context = { "dynamodb:leadingkeys": ["a"], "dynamodb:select": ["COUNT"] };
    expect(accesses("Query", query)).to.deep.equal([{ ...access("Query"), context }]);
    expect(accesses("Scan", of({ Select: "COUNT" }))).to.deep.equal([
      { ...access("Scan"), context: { "dynamodb:select": ["COUNT"] } },
    ]);
    expect(accesses("Scan", of({}))).to.deep.equal([access("Scan")]);
  });

  it("returns every key of a batch, by table", () => {
    const Keys = [item("a"), item("b")];
    expect(accesses("BatchGetItem", { RequestItems: { items: { Keys }, other: { Keys } } })).to.deep.equal([
      access("BatchGetItem", ["a", "b"]),
      access("BatchGetItem", [], ARN.replace("items", "other")),
    ]);
    const requests = [{ PutRequest: { Item: item("a") } }, { DeleteRequest: { Key: item("b") } }];
    expect(accesses("BatchWriteItem", { RequestItems: { items: requests } })).to.deep.equal([
      access("BatchWriteItem", ["a", "b"]),
    ]);
  });

  it("returns the action of each part of a transaction", () => {
    const TransactItems = [
      { Put: of({ Item: item("a") }) },
      { Update: of({ Key: item("b") }) },
      { Delete: of({ Key: item("c") }) },
      { ConditionCheck: of({ Key: item("d") }) },
    ];
    expect(accesses("TransactWriteItems", { TransactItems })).to.deep.equal([
      access("PutItem", ["a"]),
      access("UpdateItem", ["b"]),
      access("DeleteItem", ["c"]),
      access("ConditionCheckItem", ["d"]),
    ]);
  });

  const values = { ExpressionAttributeValues: { ":k": { S: "a" }, ":s": { S: "s" } } };
  const queries: Record<string, object> = {
    "by an expression": { KeyConditionExpression: "pk = :k", ...values },
    "by an expression without spaces": { KeyConditionExpression: "pk=:k", ...values },
    "by an expression with the sort key first": { KeyConditionExpression: "sk = :s AND pk = :k", ...values },
    "by an expression with a range": { KeyConditionExpression: "begins_with(sk, :s) and pk = :k", ...values },
    "by an expression with names": {
      KeyConditionExpression: "#p = :k AND #s > :s",
      ExpressionAttributeNames: { "#p": "pk", "#s": "sk" },
      ...values,
    },
    "by an expression with parentheses around a name": { KeyConditionExpression: "sk = :s AND (pk) = (:k)", ...values },
    "by an expression with the value first": { KeyConditionExpression: ":k = pk", ...values },
    "by legacy conditions": { KeyConditions: { pk: { AttributeValueList: [{ S: "a" }] } } },
  };
  for (const [title, query] of Object.entries(queries)) {
    it(`finds the partition key of a query ${title}`, () => {
      expect(accesses("Query", of(query))).to.deep.equal([access("Query", ["a"])]);
    });
  }

  it("returns the ARN and the key of an index", () => {
    const query = { IndexName: "by-user", KeyConditionExpression: "user = :k", ...values };
    expect(accesses("Query", of(query))).to.deep.equal([access("Query", ["a"], `${ARN}/index/by-user`)]);
    expect(accesses("Scan", of({ IndexName: "by-user" }))).to.deep.equal([access("Scan", [], `${ARN}/index/by-user`)]);
  });

  it("returns no key for a scan or an operation on a whole table", () => {
    for (const operation of ["Scan", "DescribeTable", "CreateTable", "DeleteTable"]) {
      expect(accesses(operation, of({}))).to.deep.equal([access(operation)]);
    }
    expect(accesses("DescribeContinuousBackups", of({}))).to.deep.equal([access("DescribeContinuousBackups")]);
    for (const operation of ["ListTables", "ListBackups"]) {
      expect(accesses(operation, {})).to.deep.equal([access(operation, [], ARN.replace("items", "*"))]);
    }
  });

  it("accepts the ARN of a table", () => {
    expect(accesses("GetItem", { TableName: ARN, Key: item("a") })).to.deep.equal([access("GetItem", ["a"])]);
  });

  it("returns undefined for any other operation", () => {
    for (const operation of ["ExecuteStatement", "constructor", "", "putitem"]) {
      expect(accesses(operation, of({})), operation).to.equal(undefined);
    }
  });
});
