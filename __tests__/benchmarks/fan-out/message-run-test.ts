import { expect } from "chai";
import { onceEach } from "../../../benchmarks/fan-out/message-run.ts";

describe("benchmarks/fan-out/message-run", () => {
  it("returns the time of each delivery", () => {
    expect(onceEach([[3], [1]], 2)).to.deep.equal([3, 1]);
  });

  it("throws if a member received nothing, or the message repeatedly", () => {
    expect(() => onceEach([[3], []], 2)).to.throw("Of 2 members, 1 received the message, 0 of them repeatedly.");
    expect(() => onceEach([[3], [1, 4]], 2)).to.throw("Of 2 members, 2 received the message, 1 of them repeatedly.");
  });
});
