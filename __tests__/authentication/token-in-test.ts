import { expect } from "chai";
import { tokenIn } from "../../authentication/token-in.ts";

const found = (headers: Record<string, string>, query: Record<string, string> = {}) => tokenIn({ headers, query });

describe("authentication/token-in", () => {
  it("finds a token in the header, however it spells its scheme", () => {
    expect(found({ authorization: "Bearer a.b.c" })).to.equal("a.b.c");
    expect(found({ authorization: "bearer  a.b.c" })).to.equal("a.b.c");
  });

  it("finds a token among the subprotocols, wherever it stands", () => {
    expect(found({ "sec-websocket-protocol": "chat.v1, bearer.a.b.c" })).to.equal("a.b.c");
    expect(found({ "sec-websocket-protocol": "bearer.a.b.c,chat.v1" })).to.equal("a.b.c");
  });

  it("finds a token in the address", () => {
    expect(found({}, { token: "a.b.c" })).to.equal("a.b.c");
  });

  it("takes the header before the subprotocols, and those before the address", () => {
    const offered = { "sec-websocket-protocol": "bearer.offered" };
    expect(found({ authorization: "Bearer header", ...offered }, { token: "address" })).to.equal("header");
    expect(found(offered, { token: "address" })).to.equal("offered");
  });

  it("finds none in other schemes, headers and subprotocols", () => {
    expect(found({ authorization: "Basic a.b.c" })).to.equal(undefined);
    expect(found({ authorization: "Bearer a b" })).to.equal(undefined);
    expect(found({ "sec-websocket-protocol": "chat.v1, token.a.b.c" }, { access_token: "a" })).to.equal(undefined);
  });
});
