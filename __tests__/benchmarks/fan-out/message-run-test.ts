import { expect } from "chai";
import { onceEach } from "../../../benchmarks/fan-out/message-run.ts";

describe("what everybody heard", () => {
  it("is one time for each", () => {
    expect(onceEach([[3], [1]], 2)).to.deep.equal([3, 1]);
  });

  it("is no figure where somebody did not hear it, or heard it again", () => {
    expect(() => onceEach([[3], []], 2)).to.throw("Of 2, 1 got the message, 0 of them more than once.");
    expect(() => onceEach([[3], [1, 4]], 2)).to.throw("Of 2, 2 got the message, 1 of them more than once.");
  });
});
