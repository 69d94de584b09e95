import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { expect } from "chai";
import { putEventsTo } from "../../../aws/events/put-events.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const anEntry = (id: string) => ({ type: "message stored", detail: JSON.stringify({ id }), at: 7_500 });

const first = anEntry("a");
const second = anEntry("b");

describe("aws/events/put-events", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.stop());

  const put = () =>
    putEventsTo({
      ...{ eventBus: "chat-dev-events", endpoint: server.url, region: "eu-west-2", credentials: localCredentials },
    })([first, second]);

  /** The refused entries as their numbers, with their error codes. */
  const refused = async () =>
    (await put()).map(({ entry, ...own }) => ({ number: [first, second].indexOf(entry as typeof first), ...own }));

  it("returns the entries that EventBridge did not accept, with their error codes", async () => {
    let target: unknown;
    let ErrorCode = "ThrottlingException";
    server.respond = ({ headers }, response) => {
      target = headers["x-amz-target"];
      response.end(JSON.stringify({ FailedEntryCount: 1, Entries: [{ EventId: "1" }, { ErrorCode }] }));
    };
    expect(await refused()).to.deep.equal([{ number: 1, errorCode: ErrorCode, isRetryable: true }]);
    expect(target).to.equal("AWSEvents.PutEvents");
    ErrorCode = "MalformedDetail";
    expect(await refused()).to.deep.equal([{ number: 1, errorCode: ErrorCode, isRetryable: false }]);
  });

  for (const [what, status, errorType, errorCode, isRetryable] of [
    ["has a fault", 500, "InternalException", "InternalException", true],
    ["throttles", 400, "ThrottlingException", "ThrottlingException", true],
    ["is replaced by a proxy that fails", 502, undefined, "status 502", true],
    ["denies access", 400, "AccessDeniedException", "AccessDeniedException", false],
  ] as const) {
    it(`returns all entries if EventBridge ${what}`, async () => {
      server.respond = (_, response) =>
        response.writeHead(status, errorType && { "x-amzn-errortype": errorType }).end("<html>");
      const all = [0, 1].map((number) => ({ number, errorCode, isRetryable }));
      expect(await refused()).to.deep.equal(all);
    });
  }

  it("returns all entries if there is no response, and reads the error from the body", async () => {
    server.respond = ({ socket }) => socket.destroy();
    expect(await refused()).to.deep.equal(
      [0, 1].map((number) => ({ number, errorCode: "no response (UND_ERR_SOCKET)", isRetryable: true })),
    );
    server.respond = (_, response) =>
      response.writeHead(400).end(JSON.stringify({ __type: "com.amazon.coral.service#ThrottlingException" }));
    expect((await refused())[0]).to.include({ errorCode: "ThrottlingException", isRetryable: true });
  });
});
