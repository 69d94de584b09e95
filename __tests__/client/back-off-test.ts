import { expect } from "chai";
import { backOff } from "../../client/back-off.ts";

describe("client/back-off", () => {
  it("waits up to a second, then up to twice as long each time, up to half a minute", () => {
    const longest = Array.from({ length: 8 }, (_, tries) => backOff(tries, () => 1));
    expect(longest).to.deep.equal([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("leaves it to chance when before that", () => {
    expect([0, 0.25, 0.5].map((chance) => backOff(2, () => chance))).to.deep.equal([0, 1000, 2000]);
  });
});
