import { expect } from "chai";
import { serveSockets } from "../../../benchmarks/sockets/bench.ts";

describe("the crowd of sockets", () => {
  it("is served by the chat on the emulator, every one of it", async () => {
    const { sockets, last } = await serveSockets(30);
    expect(sockets).to.equal(30);
    expect(last).to.be.above(0);
  });
});
