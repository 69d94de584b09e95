import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import sinon from "sinon";
import { type DelayProxy, startDelayProxy } from "../../../benchmarks/costs/delay-proxy.ts";

describe("benchmarks/costs/delay-proxy", () => {
  const server = createServer((request, response) => request.pipe(response));
  let proxy: DelayProxy;

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    proxy = await startDelayProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 5);
  });
  after(() => {
    proxy.stop();
    server.close();
  });
  afterEach(() => sinon.restore());

  it("forwards requests and responses of any size unchanged", async () => {
    const body = "abcdefgh".repeat(100_000);
    const response = await fetch(proxy.url, { method: "POST", body });
    expect((await response.text()) === body).to.equal(true);
  });

  it("delays the request and the response by the round trip together", async () => {
    const timers = sinon.spy(globalThis, "setTimeout");
    await (await fetch(proxy.url, { method: "POST", body: "hello" })).text();
    const delays = new Set(timers.args.map(([, milliseconds]) => milliseconds));
    expect([...delays]).to.include.members([2, 3]);
  });
});
