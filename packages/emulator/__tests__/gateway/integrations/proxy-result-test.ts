import { expect } from "chai";
import { readProxyResult } from "../../../src/gateway/integrations/proxy-result.ts";

describe("gateway/integrations/proxy-result", () => {
  it("reads the shape of a proxy result", () => {
    const result = { statusCode: 201, headers: { a: "b" }, multiValueHeaders: {}, body: "x", isBase64Encoded: false };
    expect(readProxyResult(result)).to.equal(result);
    expect(readProxyResult({ statusCode: 200, body: null })).to.deep.equal({ statusCode: 200, body: null });
  });

  for (const payload of [
    null,
    "text",
    [],
    {},
    { body: "no status" },
    { statusCode: "ok" },
    { statusCode: 200, body: {} },
    { statusCode: 200, headers: [] },
    { statusCode: 200, more: 1 },
    { statusCode: 200, isBase64Encoded: "false" },
  ]) {
    it(`cannot read ${JSON.stringify(payload)} (RR-05)`, () => {
      expect(readProxyResult(payload)).to.equal(undefined);
    });
  }
});
