import { expect } from "chai";
import { roundsOf } from "../../../scripts/bench/rounds.ts";

describe("the number of rounds", () => {
  it("is from 1 to 99, and refused by name otherwise", () => {
    expect(roundsOf("12")).to.equal(12);
    expect(() => roundsOf("0")).to.throw("--rounds is 0; it takes a number from 1 to 99.");
  });
});
