import { expect } from "chai";
import type { Attributes } from "../../src/terraform/configuration.ts";
import { modelsOf } from "../../src/terraform/routes.ts";

const schema = { type: "object" };

const models = (route: object, text = JSON.stringify(schema)) =>
  modelsOf({ route_key: "say", ...route } as Attributes, {
    aws_apigatewayv2_model: { m: { name: "saying", schema: text } },
  });

const validated = { model_selection_expression: "$request.body.kind", request_models: { $default: "saying" } };

describe("terraform/routes", () => {
  it("returns the schemas of a route's models by key", () => {
    expect(models(validated)).to.deep.equal({
      selectionExpression: "$request.body.kind",
      schemas: { $default: schema },
    });
  });

  it("returns no models for a route without a selection expression", () => {
    expect(models({ request_models: validated.request_models })).to.equal(undefined);
  });

  it("returns no schemas for a selection expression without models", () => {
    expect(models({ model_selection_expression: "$default" })).to.deep.include({ schemas: {} });
  });

  it("rejects a model that is not in the stack", () => {
    expect(() => models({ ...validated, request_models: { $default: "other" } })).to.throw(
      "The route say refers to an aws_apigatewayv2_model that is not in the stack.",
    );
  });

  it("rejects a schema that is not valid JSON", () => {
    expect(() => models(validated, "{")).to.throw("The schema of the model saying is not valid JSON:");
  });
});
