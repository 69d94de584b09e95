import { expect } from "chai";
import { serveSockets } from "../../../benchmarks/fan-out/sockets.ts";

describe("the crowd of sockets", function () {
  // It starts many processes, and the machine may have others.
  this.timeout(180_000);

  it("is served by the chat on the emulator, every one of it", async () => {
    const { sockets, last } = await serveSockets(30);
    expect(sockets).to.equal(30);
    expect(last).to.be.above(0);
  });
});
