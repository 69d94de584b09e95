import { expect } from "chai";
import { compileModels } from "../../src/gateway/selection-expression.ts";

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

  it("applies draft 4 of JSON Schema, in which exclusiveMinimum is a boolean (RT-21)", () => {
    const schema = { properties: { data: { minimum: 0, exclusiveMinimum: true } } };
    expect(validates({ $default: schema }, { data: 0 })).to.equal(false);
    expect(validates({ $default: schema }, { data: 1 })).to.equal(true);
  });
});
