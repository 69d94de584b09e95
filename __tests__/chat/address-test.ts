import { expect } from "chai";
import { sourceOf } from "../../chat/connection.ts";

describe("chat/address", () => {
  for (const [address, source] of [
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:0001:0002::9", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
  ] as const) {
    it(`counts ${address} as ${source}`, () => {
      expect(sourceOf(address)).to.equal(source);
    });
  }
});
