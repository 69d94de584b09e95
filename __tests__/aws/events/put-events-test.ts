import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { putEventsTo } from "../../../aws/events/put-events.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const [first, second] = ["a", "b"].map((id) => ({ type: "message stored", detail: JSON.stringify({ id }), at: 7_500 }));

describe("aws/events/put-events", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.stop());

  const put = () =>
    putEventsTo({
      ...{ eventBus: "chat-dev-events", endpoint: server.url, region: "eu-west-2", credentials: localCredentials },
    })([first, second].flatMap((entry) => entry ?? []));

  it("returns the entries that EventBridge did not accept", async () => {
    let target: unknown;
    server.respond = ({ headers }, response) => {
      target = headers["x-amz-target"];
      const Entries = [{ EventId: "1" }, { ErrorCode: "ThrottlingException" }];
      response.end(JSON.stringify({ FailedEntryCount: 1, Entries }));
    };
    expect(await put()).to.deep.equal([second]);
    expect(target).to.equal("AWSEvents.PutEvents");
  });

  it("rejects if EventBridge refuses the request", async () => {
    server.respond = (_, response) => response.writeHead(400, { "x-amzn-errortype": "AccessDeniedException" }).end();
    expect(await rejection(put())).to.equal("EventBridge did not accept a request: AccessDeniedException");
  });
});
