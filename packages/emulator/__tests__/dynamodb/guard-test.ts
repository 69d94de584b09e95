import { expect } from "chai";
import { createDynamodbGuard, type DynamodbError } from "../../src/dynamodb/guard.ts";
import type { Principal } from "../../src/iam/principal.ts";
import { aws4Signed } from "../support/aws4-signed.ts";
import { PLACE } from "../support/dynamodb.ts";
import { aFunction } from "../support/principals.ts";

const grant = { Effect: "Allow", Action: "dynamodb:*", Resource: "*" };

/** The error of a request that a function signs, and the reports about it. */
function checked(operation: string, body: string, principal: Principal = aFunction(grant)) {
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
  it("allows a request that is signed and authorized", () => {
    expect(checked("Scan", '{"TableName":"items"}')).to.deep.equal({ error: undefined, sentences: [] });
  });

  it("denies an unauthorized request, with AWS's capitalized Message", () => {
    const { error, sentences } = checked("Scan", '{"TableName":"items"}', aFunction());
    expect(error).to.have.all.keys("__type", "Message");
    expect(error).to.include({ __type: "com.amazon.coral.service#AccessDeniedException" });
    expect(sentences[0]).to.match(
      /^aws_iam_role\.say is not allowed to perform dynamodb:Scan on .*table\/items\. Grant it in/,
    );
  });

  it("rejects an unsupported operation, by name", () => {
    const { error, sentences } = checked("ExecuteStatement", "{}");
    expect(sentences).to.have.length(1);
    expect(error).to.deep.equal({
      __type: "com.amazon.coral.service#UnknownOperationException",
      message: sentences[0],
    });
    expect(sentences[0]).to.match(/ does not support the operation ExecuteStatement\. It supports ListTables, /);
  });

  for (const [operation, body] of [
    ["GetItem", "not JSON"],
    ["GetItem", '{"TableName":7}'],
    ["BatchGetItem", '{"RequestItems":{"items":null}}'],
    ["TransactWriteItems", '{"TransactItems":[null]}'],
    ["TransactWriteItems", '{"TransactItems":7}'],
    ["Query", '{"KeyConditionExpression":7}'],
  ] as const) {
    it(`rejects a ${operation} with the body ${body}`, () => {
      expect(checked(operation, body).error).to.deep.equal({
        __type: "com.amazon.coral.service#SerializationException",
      });
    });
  }

  it("allows every request if IAM is off", () => {
    const guard = createDynamodbGuard({ place: PLACE, tables: [], principals: undefined }, () => undefined);
    expect(guard({ headers: {}, body: Buffer.from("not JSON") })).to.equal(undefined);
  });
});
