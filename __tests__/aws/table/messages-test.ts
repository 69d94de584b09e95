import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { messages } from "../../../aws/table/messages.ts";
import { STORE_MILLISECONDS_MAX } from "../../../chat/message.ts";
import { localCredentials } from "../../../emulator/iam/principal.ts";
import { aMessage, NOON } from "../../support/builders.ts";
import { rejection } from "../../support/rejection.ts";

describe("aws/table/messages", () => {
  afterEach(() => sinon.restore());

  it("aborts a write that takes too long", async () => {
    const timeout = sinon.stub(AbortSignal, "timeout").returns(AbortSignal.abort());
    const client = new DynamoDBClient({
      region: "eu-west-2",
      endpoint: "http://127.0.0.1:9",
      credentials: localCredentials(),
    });
    const store = messages({ client, name: "chat" }, { now: () => NOON, retentionDays: () => 30 });
    expect(await rejection(store.store(aMessage()))).to.equal("Request aborted");
    expect(timeout.args).to.deep.equal([[STORE_MILLISECONDS_MAX]]);
  });
});
