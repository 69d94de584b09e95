import { type Emulator, start } from "@serverless-chat/emulator";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack, returning } from "@serverless-chat/emulator/testing/fixture-stack";
import { expect } from "chai";
import { fetchHttp, fetchTransport } from "../../../aws/http/fetch.ts";
import { managementOf } from "../../../aws/push/management-api.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const credentials = async () => localCredentials();

describe("aws/http/fetch, for signed requests", () => {
  describe("to the emulator, which verifies signatures", () => {
    let emulator: Emulator;
    before(async () => {
      const whoami = {
        code: returning("{ statusCode: 200, body: event.requestContext.connectionId }"),
        routeResponse: true,
      };
      emulator = await start({ stackDirectory: fixtureStack({ routes: { $default: whoami } }) });
    });
    after(() => emulator.stop());

    it("sends a signed request with and without a body", async () => {
      const stage = { endpoint: emulator.managementUrl, region: "eu-west-2", credentials };
      const { push, close } = managementOf(stage, fetchTransport);
      const client = await connect(emulator.url);
      client.send("who am I?");
      const id = await client.next();
      expect(await push(id, "héllo")).to.equal("delivered");
      expect(await client.next()).to.equal("héllo");
      expect(await close(id)).to.equal("gone");
      expect((await client.closed).code).to.equal(1000);
    });
  });

  describe("to any server", () => {
    let server: TestServer;
    beforeEach(async () => {
      server = await startTestServer();
    });
    afterEach(() => server.stop());
    const send = () => fetchTransport(server.url)({ method: "POST", path: "/", headers: {}, body: "hi" });

    it("returns the status and the error type", async () => {
      server.respond = (_, response) =>
        response.writeHead(403, { "x-amzn-errortype": "AccessDeniedException:http://internal" }).end("{}");
      expect(await send()).to.deep.equal({ status: 403, errorType: "AccessDeniedException" });
    });

    it("does not follow redirects", async () => {
      server.respond = (_, response) => response.writeHead(307, { location: "http://127.0.0.1:9/" }).end();
      const failed = await send().catch((fault: Error) => fault.name);
      expect(failed).to.equal("TypeError");
    });
  });
});

describe("aws/http/fetch, for requests with a credential", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.stop());

  const get = (timeoutMilliseconds = 5000) =>
    fetchHttp({ method: "GET", url: server.url, headers: { authorization: "Bearer 1" } }, timeoutMilliseconds);

  it("does not follow redirects, so a credential reaches only its own host", async () => {
    server.respond = (_, response) => response.writeHead(302, { location: server.url }).end();
    const answer = await get();
    expect(answer).to.have.property("status", 302);
    expect(server.connections).to.equal(1);
  });

  it("returns headers by their names in lower case", async () => {
    server.respond = (_, response) => response.writeHead(200, { "Retry-After": "3" }).end();
    const answer = await get();
    expect("status" in answer && [answer.header("retry-after"), answer.header("etag")]).to.deep.equal(["3", undefined]);
  });

  it("has a timeout for the headers and the body of a response", async () => {
    server.respond = (_, response) => response.writeHead(200).write("{");
    expect(await get(50)).to.deep.equal({ fault: "slow", name: "TimeoutError" });
  });

  it("returns the reason if the connection is closed without a response", async () => {
    server.respond = (_, response) => response.destroy();
    expect(await get()).to.deep.equal({ fault: "unreachable", name: "UND_ERR_SOCKET" });
  });

  it("reads at most 1 MB of a body", async () => {
    server.respond = (_, response) => response.end("x".repeat(1_100_000));
    expect(await get()).to.deep.equal({ fault: "too-long", name: "BodyTooLong" });
  });

  it("returns the reason if there is no response", async () => {
    await server.stop();
    expect(await get()).to.deep.equal({ fault: "unreachable", name: "ECONNREFUSED" });
  });
});
