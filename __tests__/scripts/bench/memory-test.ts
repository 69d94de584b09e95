import { expect } from "chai";
import { memorySizesChapter } from "../../../scripts/bench/memory.ts";

describe("scripts/bench/memory", () => {
  it("shows the waiting times and the price of each size of memory", () => {
    const times = { coldConnect: 145.4, coldSendMessage: 168, firstPush: 20.2, lastPush: 21.8, duration: 30, cpu: 2 };
    const { tables } = memorySizesChapter([{ megabytes: 256, ...times }]);
    expect(tables.memory).to.contain(
      "| 256 MB | 0.14 | 145 ms | 168 ms | 20 ms | 22 ms | 30 ms | 7,500 | $0.30 | $12.18 |",
    );
  });
});
