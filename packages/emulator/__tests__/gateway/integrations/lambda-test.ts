import { expect } from "chai";
import { parseProxyResult } from "../../../src/gateway/integrations/lambda.ts";

describe("gateway/integrations/lambda", () => {
  it("parses a proxy result", () => {
    const result = { statusCode: 201, headers: { a: "b" }, multiValueHeaders: {}, body: "x", isBase64Encoded: false };
    expect(parseProxyResult(result)).to.equal(result);
    expect(parseProxyResult({ statusCode: 200, body: null })).to.deep.equal({ statusCode: 200, body: null });
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
    it(`rejects ${JSON.stringify(payload)} (RR-05)`, () => {
      expect(parseProxyResult(payload)).to.equal(undefined);
    });
  }
});
