import { expect } from "chai";
import { benchPublishing, requireEachOnce } from "../../../benchmarks/fan-out/publishing.ts";

describe("benchmarks/fan-out/publishing", () => {
  it("measures calls of each size, and frames, with the units of one message", async () => {
    const figures = await benchPublishing({ sizes: [2], batches: [1, 3], messages: 3, rounds: 1 });
    expect(figures.map(({ route, batch, writes, reads }) => ({ route, batch, writes, reads }))).to.deep.equal([
      { route: "publish", batch: 1, writes: 3, reads: 1 },
      { route: "publish", batch: 3, writes: 3, reads: 1 },
      { route: "sendmessage", batch: 1, writes: 3, reads: 2 },
    ]);
    for (const { messagesPerSecond, cpuMilliseconds } of figures) {
      expect(Math.min(messagesPerSecond, cpuMilliseconds)).to.be.above(0);
    }
  });

  it("accepts an acknowledgement of a frame, and rejects missing and repeated messages", () => {
    const ofFrame = { route: "sendmessage", size: 2, batch: 1 } as const;
    requireEachOnce({ a: [1, 2], b: [1] }, ofFrame);
    expect(() => requireEachOnce({ a: [1, 2] }, ofFrame)).to.throw("1 of 2 members received 2 messages in total");
    const ofCall = { route: "publish", size: 2, batch: 2 } as const;
    requireEachOnce({ a: [1, 2], b: [1, 2] }, ofCall);
    expect(() => requireEachOnce({ a: [1, 2, 3], b: [1] }, ofCall)).to.throw("2 of 2 members received 4 messages");
    expect(() => requireEachOnce({ a: [1, 2], b: [1, 2, 3] }, ofCall)).to.throw("received 5 messages in total");
  });
});
