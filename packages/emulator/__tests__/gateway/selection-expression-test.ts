import { expect } from "chai";
import { compileSelection } from "../../src/gateway/selection-expression.ts";

const selected = (expression: string, body: unknown): string =>
  compileSelection(expression)(typeof body === "string" ? body : JSON.stringify(body));

describe("gateway/selection-expression", () => {
  it("evaluates a path, nested or not (RT-01, RT-02)", () => {
    expect(selected("$request.body.message", { message: "say" })).to.equal("say");
    expect(selected("$request.body.service.do", { service: { do: "stop" } })).to.equal("stop");
    expect(selected("${request.body.message}", { message: "say" })).to.equal("say");
  });

  it("combines variables and literals (RT-01)", () => {
    expect(selected("${request.body.a}/${request.body.b}", { a: "x", b: 2 })).to.equal("x/2");
  });

  it("returns plain text unchanged", () => {
    expect(selected("always", {})).to.equal("always");
    expect(selected("\\$default", {})).to.equal("$default");
  });

  it("converts numbers, booleans and lists to text (RT-02, RT-08)", () => {
    const texts = [5, true, ["a", 1]].map((message) => selected("$request.body.message", { message }));
    expect(texts).to.deep.equal(["5", "true", "[a, 1]"]);
  });

  it("returns an empty string for a missing value, and for a body that is not a JSON object (RT-03, RT-05)", () => {
    for (const body of [{}, "hello", "", "null", "[1]", '"message"']) {
      expect(selected("$request.body.message", body), JSON.stringify(body)).to.equal("");
    }
  });

  it("ignores inherited properties", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(selected(`$request.body.${name}`, {}), name).to.equal("");
    }
  });

  it("rejects an expression that is not supported", () => {
    for (const expression of ["$request.header.x", "$request.body[2]", "${context.routeKey}"]) {
      expect(() => compileSelection(expression)).to.throw(`does not support the selection expression "${expression}"`);
    }
  });
});
