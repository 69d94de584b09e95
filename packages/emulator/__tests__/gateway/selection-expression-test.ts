import { expect } from "chai";
import { compileModels, compileSelection } from "../../src/gateway/selection-expression.ts";

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

  it("returns an empty string for a value that is nested too deep to be a route key", () => {
    const nested = (levels: number) => `{"message":${"[".repeat(levels)}1${"]".repeat(levels)}}`;
    expect(selected("$request.body.message", nested(100))).to.equal(`${"[".repeat(100)}1${"]".repeat(100)}`);
    expect(selected("$request.body.message", nested(101))).to.equal("");
    expect(selected("$request.body.message", `{"message":${'{"a":'.repeat(101)}1${"}".repeat(101)}}`)).to.equal("");
  });

  it("rejects an expression that is not supported", () => {
    for (const expression of ["$request.header.x", "$request.body[2]", "${context.routeKey}"]) {
      expect(() => compileSelection(expression)).to.throw(`does not support the selection expression "${expression}"`);
    }
  });
});

const text = { type: "object", required: ["data"], properties: { data: { type: "string" } } };
const number = { type: "object", required: ["data"], properties: { data: { type: "number", minimum: 0 } } };

const validates = (schemas: Readonly<Record<string, object>>, message: unknown): boolean =>
  compileModels({ selectionExpression: "$request.body.kind", schemas })(
    typeof message === "string" ? message : JSON.stringify(message),
  );

describe("gateway/models", () => {
  it("accepts every message if a route has no models", () => {
    expect(compileModels(undefined)("not JSON")).to.equal(true);
  });

  it("selects a model by the message (RT-20)", () => {
    const schemas = { text, number };
    expect(validates(schemas, { kind: "text", data: "hi" })).to.equal(true);
    expect(validates(schemas, { kind: "text", data: 7 })).to.equal(false);
    expect(validates(schemas, { kind: "number", data: 7 })).to.equal(true);
    expect(validates(schemas, { kind: "number", data: -7 })).to.equal(false);
  });

  it("falls back to the $default model, and rejects the message if there is none (RT-20)", () => {
    for (const message of [{ data: "hi" }, { kind: "other", data: "hi" }]) {
      expect(validates({ $default: text, number }, message)).to.equal(true);
      expect(validates({ number }, message)).to.equal(false);
    }
    expect(validates({ $default: text }, { kind: "other" })).to.equal(false);
  });

  it("does not select a model by the name of an inherited property", () => {
    expect(validates({ text }, { kind: "constructor", data: "hi" })).to.equal(false);
  });

  it("rejects a message that is not JSON", () => {
    for (const message of ["hello", "", "{"]) expect(validates({ $default: {} }, message), message).to.equal(false);
    expect(validates({ $default: {} }, "null")).to.equal(true);
  });

  it("rejects a message that is nested deeper than a model that refers to itself can follow", () => {
    const tree = { type: "object", properties: { inner: { $ref: "#" } } };
    expect(validates({ $default: tree }, { inner: { inner: {} } })).to.equal(true);
    expect(validates({ $default: tree }, `${'{"inner":'.repeat(3_500)}{}${"}".repeat(3_500)}`)).to.equal(false);
  });

  it("applies draft 4 of JSON Schema, in which exclusiveMinimum is a boolean (RT-21)", () => {
    const schema = { properties: { data: { minimum: 0, exclusiveMinimum: true } } };
    expect(validates({ $default: schema }, { data: 0 })).to.equal(false);
    expect(validates({ $default: schema }, { data: 1 })).to.equal(true);
  });
});
