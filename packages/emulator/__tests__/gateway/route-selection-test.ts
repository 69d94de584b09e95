import { expect } from "chai";
import { routeSelection } from "../../src/gateway/route-selection.ts";

const selected = (expression: string, body: unknown): string =>
  routeSelection(expression)(typeof body === "string" ? body : JSON.stringify(body));

describe("gateway/route-selection", () => {
  it("selects by a path, nested or not (RT-01, RT-02)", () => {
    expect(selected("$request.body.message", { message: "say" })).to.equal("say");
    expect(selected("$request.body.service.do", { service: { do: "stop" } })).to.equal("stop");
    expect(selected("${request.body.message}", { message: "say" })).to.equal("say");
  });

  it("puts several variables and literals together (RT-01)", () => {
    expect(selected("${request.body.a}/${request.body.b}", { a: "x", b: 2 })).to.equal("x/2");
  });

  it("takes other text as it is", () => {
    expect(selected("always", {})).to.equal("always");
    expect(selected("\\$default", {})).to.equal("$default");
  });

  it("makes text of numbers, booleans and lists (RT-02, RT-08)", () => {
    const texts = [5, true, ["a", 1]].map((message) => selected("$request.body.message", { message }));
    expect(texts).to.deep.equal(["5", "true", "[a, 1]"]);
  });

  it("finds nothing in what is missing, not JSON, or no object (RT-03, RT-05)", () => {
    for (const body of [{}, "hello", "", "null", "[1]", '"message"']) {
      expect(selected("$request.body.message", body), JSON.stringify(body)).to.equal("");
    }
  });

  it("finds nothing that a frame only inherits", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(selected(`$request.body.${name}`, {}), name).to.equal("");
    }
  });

  it("refuses an expression it does not know", () => {
    for (const expression of ["$request.header.x", "$request.body[2]", "${context.routeKey}"]) {
      expect(() => routeSelection(expression)).to.throw(`cannot play the selection expression ${expression}`);
    }
  });
});
