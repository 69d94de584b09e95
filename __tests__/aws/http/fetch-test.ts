import { expect } from "chai";
import { fetchHttp } from "../../../aws/http/fetch.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

describe("aws/http/fetch", () => {
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
