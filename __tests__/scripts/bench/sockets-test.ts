import { expect } from "chai";
import { socketsChapter } from "../../../scripts/bench/sockets.ts";

describe("the chapter on real sockets", () => {
  it("says how long it took until all were served", () => {
    const { sections } = socketsChapter({ sockets: 10_000, connectionsPerSecond: 812.4, last: 2_840, again: 3 });
    expect(sections.sockets).to.contain("| 10,000 | all | 812 | 2.8 s | 3 |");
  });
});
