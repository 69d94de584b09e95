import { expect } from "chai";
import { longestRow, onceEach } from "../../../benchmarks/fan-out/message-run.ts";

describe("benchmarks/fan-out/message-run", () => {
  it("counts the requests of which each starts after the one before has ended", () => {
    expect(longestRow([])).to.equal(0);
    expect(
      longestRow([
        { from: 1, to: 4 },
        { from: 2, to: 3 },
        { from: 5, to: 6 },
      ]),
    ).to.equal(2);
    expect(
      longestRow([
        { from: 5, to: 6 },
        { from: 1, to: 2 },
        { from: 3, to: 4 },
      ]),
    ).to.equal(3);
  });

  it("returns the time of each delivery", () => {
    expect(onceEach([[3], [1]], 2)).to.deep.equal([3, 1]);
  });

  it("throws if a member received nothing, or the message repeatedly", () => {
    expect(() => onceEach([[3], []], 2)).to.throw("Of 2 members, 1 received the message, 0 of them repeatedly.");
    expect(() => onceEach([[3], [1, 4]], 2)).to.throw("Of 2 members, 2 received the message, 1 of them repeatedly.");
  });
});
