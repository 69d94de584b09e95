import { expect } from "chai";
import { jsonOf } from "../../../chat/protocol/frames.ts";

describe("chat/protocol/json", () => {
  it("parses JSON, and returns undefined for other text", () => {
    expect(jsonOf('{"a":1}')).to.deep.equal({ a: 1 });
    expect(jsonOf("null")).to.equal(null);
    expect(jsonOf("{")).to.equal(undefined);
  });
});
