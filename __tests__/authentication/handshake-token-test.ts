import { expect } from "chai";
import { handshakeToken } from "../../authentication/authenticate.ts";

const found = (headers: Record<string, string>, query: Record<string, string> = {}) =>
  handshakeToken({ headers, query });

describe("authentication/handshake-token", () => {
  it("finds a token in the header, with the scheme in any case", () => {
    expect(found({ authorization: "Bearer a.b.c" })).to.equal("a.b.c");
    expect(found({ authorization: "bearer  a.b.c" })).to.equal("a.b.c");
  });

  it("finds a token at any position of the subprotocols", () => {
    expect(found({ "sec-websocket-protocol": "chat.v1, bearer.a.b.c" })).to.equal("a.b.c");
    expect(found({ "sec-websocket-protocol": "bearer.a.b.c,chat.v1" })).to.equal("a.b.c");
  });

  it("finds a token in the query string", () => {
    expect(found({}, { token: "a.b.c" })).to.equal("a.b.c");
  });

  it("prefers the header to the subprotocols, and those to the query string", () => {
    const offered = { "sec-websocket-protocol": "bearer.offered" };
    expect(found({ authorization: "Bearer header", ...offered }, { token: "address" })).to.equal("header");
    expect(found(offered, { token: "address" })).to.equal("offered");
  });

  it("ignores other schemes, subprotocols and query parameters", () => {
    expect(found({ authorization: "Basic a.b.c" })).to.equal(undefined);
    expect(found({ authorization: "Bearer a b" })).to.equal(undefined);
    expect(found({ "sec-websocket-protocol": "chat.v1, token.a.b.c" }, { access_token: "a" })).to.equal(undefined);
  });
});
