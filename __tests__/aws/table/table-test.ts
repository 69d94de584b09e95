import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { tableOf } from "../../../aws/table/table.ts";

const loggersOf = ({ middlewareStack }: DynamoDBClient): string[] =>
  middlewareStack.identify().filter((name) => name.startsWith("loggerMiddleware"));

describe("aws/table/table", () => {
  it("creates a client without the SDK's logger, which clients have by default", () => {
    expect(loggersOf(new DynamoDBClient({ region: "eu-west-2" }))).to.have.length(1);
    expect(loggersOf(tableOf({ tableName: "chat" }).client)).to.deep.equal([]);
  });
});
