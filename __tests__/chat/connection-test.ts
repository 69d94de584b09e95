import { expect } from "chai";
import { mayBeOpening, sourceOf, ttlSeconds } from "../../chat/connection.ts";
import { aConnection, NOON } from "../support/builders.ts";

describe("chat/connection", () => {
  it("keeps the items of a connection for its maximum duration and ten minutes", () => {
    expect(ttlSeconds(aConnection({ connectedAt: NOON + 999 }))).to.equal(NOON / 1000 + 7200 + 600);
  });

  it("treats a connection as opening for the 30 seconds that a handshake can last", () => {
    const connection = aConnection({ connectedAt: NOON });
    expect(mayBeOpening(connection, NOON + 29_999)).to.equal(true);
    expect(mayBeOpening(connection, NOON + 30_000)).to.equal(false);
  });
});

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
