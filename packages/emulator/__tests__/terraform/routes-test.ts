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
  it("gives a route the schemas of its models by their keys", () => {
    expect(models(validated)).to.deep.equal({
      selectionExpression: "$request.body.kind",
      schemas: { $default: schema },
    });
  });

  it("gives a route without an expression none, whatever models it has", () => {
    expect(models({ request_models: validated.request_models })).to.equal(undefined);
  });

  it("has an expression without models choose among none", () => {
    expect(models({ model_selection_expression: "$default" })).to.deep.include({ schemas: {} });
  });

  it("refuses a model that is not in the stack", () => {
    expect(() => models({ ...validated, request_models: { $default: "other" } })).to.throw(
      "The route say leads to no aws_apigatewayv2_model of this stack",
    );
  });

  it("refuses a schema that is no JSON", () => {
    expect(() => models(validated, "{")).to.throw("The schema of the model saying is no JSON:");
  });
});
