import { expect } from "chai";
import { createDynamodbGuard, type DynamodbError } from "../../src/dynamodb/guard.ts";
import type { Principal } from "../../src/iam/principal.ts";
import { aws4Signed } from "../support/aws4-signed.ts";
import { PLACE } from "../support/dynamodb.ts";
import { aFunction } from "../support/principals.ts";

const grant = { Effect: "Allow", Action: "dynamodb:*", Resource: "*" };

/** What comes of a request to an operation, signed by a function with these rights, and what the terminal reads. */
function answered(operation: string, body: string, principal: Principal = aFunction(grant)) {
  const sentences: string[] = [];
  const guard = createDynamodbGuard(
    { place: PLACE, tables: [], principals: [principal] },
    (sentence) => void sentences.push(sentence),
  );
  const headers = { "X-Amz-Target": `DynamoDB_20120810.${operation}` };
  const request = { method: "POST", path: "/", service: "dynamodb", region: PLACE.region, body, headers };
  const signed = aws4Signed(principal.credentials, request);
  const error: DynamodbError | undefined = guard({ headers: signed.headers, body: Buffer.from(body) });
  return { error, sentences };
}

describe("dynamodb/guard", () => {
  it("lets pass what is signed and granted", () => {
    expect(answered("Scan", '{"TableName":"items"}')).to.deep.equal({ error: undefined, sentences: [] });
  });

  it("denies what is not granted, with AWS's capital letter", () => {
    const { error, sentences } = answered("Scan", '{"TableName":"items"}', aFunction());
    expect(error).to.have.all.keys("__type", "Message");
    expect(error).to.include({ __type: "com.amazon.coral.service#AccessDeniedException" });
    expect(sentences[0]).to.match(/^aws_iam_role\.say may not dynamodb:Scan on .*table\/items\. Grant it in/);
  });

  it("refuses an operation that it does not know, by name", () => {
    expect(answered("ExecuteStatement", "{}")).to.deep.equal({
      error: { __type: "com.amazon.coral.service#UnknownOperationException" },
      sentences: ["The emulator's DynamoDB does not know the operation ExecuteStatement."],
    });
  });

  for (const [operation, body] of [
    ["GetItem", "no JSON"],
    ["GetItem", '{"TableName":7}'],
    ["BatchGetItem", '{"RequestItems":{"items":null}}'],
    ["TransactWriteItems", '{"TransactItems":[null]}'],
    ["TransactWriteItems", '{"TransactItems":7}'],
    ["Query", '{"KeyConditionExpression":7}'],
  ] as const) {
    it(`lets no ${operation} pass whose body is ${body}`, () => {
      expect(answered(operation, body).error).to.deep.equal({
        __type: "com.amazon.coral.service#SerializationException",
      });
    });
  }

  it("asks nobody where IAM is off", () => {
    const guard = createDynamodbGuard({ place: PLACE, tables: [], principals: undefined }, () => undefined);
    expect(guard({ headers: {}, body: Buffer.from("no JSON") })).to.equal(undefined);
  });
});
