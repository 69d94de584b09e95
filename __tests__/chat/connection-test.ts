import { expect } from "chai";
import { mayBeOpening, ttlSeconds } from "../../chat/connection.ts";
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
