import { expect } from "chai";
import { benchSockets } from "../../../benchmarks/fan-out/sockets.ts";

describe("benchmarks/fan-out/sockets", function () {
  // It starts many processes.
  this.timeout(180_000);

  it("delivers a message of the chat on the emulator to every socket", async () => {
    const { sockets, last } = await benchSockets(30);
    expect(sockets).to.equal(30);
    expect(last).to.be.above(0);
  });
});
