import { expect } from "chai";
import { type Authorization, authorizationOf } from "../../src/terraform/authorizers.ts";
import type { Attributes, Resources } from "../../src/terraform/configuration.ts";
import { permissionsOf } from "../../src/terraform/functions.ts";

const API = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3";

const authorizer = {
  id: "d4e5f6",
  name: "gate",
  authorizer_type: "REQUEST",
  authorizer_uri: "arn:invoke",
  identity_sources: ["route.request.header.X-Auth", "route.request.querystring.token"],
};

const permission = {
  function_name: "gate",
  action: "lambda:InvokeFunction",
  principal: "apigateway.amazonaws.com",
  source_arn: `${API}/authorizers/d4e5f6`,
};

interface Own {
  readonly route?: object;
  readonly authorizer?: object;
  readonly permission?: object;
}

/** The authorization of `$connect` in a stack with these changes. */
function authorization(own: Own = {}): Authorization {
  const resources: Resources = {
    aws_apigatewayv2_api: { api: { execution_arn: API } },
    aws_apigatewayv2_authorizer: { gate: { ...authorizer, ...own.authorizer } as Attributes },
    aws_lambda_function: { gate: { function_name: "gate", invoke_arn: "arn:invoke" } },
    aws_lambda_permission: { gate: { ...permission, ...own.permission } as Attributes },
  };
  const route = { route_key: "$connect", authorization_type: "CUSTOM", authorizer_id: "d4e5f6", ...own.route };
  return authorizationOf(route as Attributes, resources, permissionsOf(resources));
}

describe("terraform/authorizers", () => {
  it("does not protect a route by default", () => {
    expect(authorization({ route: { authorization_type: undefined } })).to.deep.equal({ type: "NONE" });
    expect(authorization({ route: { authorization_type: "NONE" } })).to.deep.equal({ type: "NONE" });
  });

  it("protects a route by IAM", () => {
    expect(authorization({ route: { authorization_type: "AWS_IAM" } })).to.deep.equal({ type: "AWS_IAM" });
  });

  it("finds the authorizer of a route and its function", () => {
    expect(authorization()).to.deep.equal({
      type: "CUSTOM",
      functionName: "gate",
      identitySources: [
        { from: "header", name: "X-Auth" },
        { from: "querystring", name: "token" },
      ],
      sourceArn: `${API}/authorizers/d4e5f6`,
      mayInvoke: true,
    });
  });

  it("accepts stage variables and the context as identity sources, or no identity source (AU-03, AU-05)", () => {
    const identity_sources = ["stageVariables.token", "context.identity.sourceIp"];
    expect(authorization({ authorizer: { identity_sources } })).to.deep.include({
      identitySources: [
        { from: "stageVariables", name: "token" },
        { from: "context", name: "identity.sourceIp" },
      ],
    });
    expect(authorization({ authorizer: { identity_sources: undefined } })).to.deep.include({ identitySources: [] });
  });

  it("does not accept a permission for routes as one for the authorizer", () => {
    expect(authorization({ permission: { source_arn: `${API}/*/$connect` } })).to.include({ mayInvoke: false });
  });

  const refused: Record<string, [Own, string]> = {
    "JWT, which WebSocket APIs do not have (AU-01)": [
      { route: { authorization_type: "JWT" } },
      "The route $connect has the authorization type JWT. A WebSocket API supports NONE, AWS_IAM and CUSTOM.",
    ],
    "an authorizer that is not in the stack": [
      { route: { authorizer_id: "other" } },
      "The route $connect refers to an aws_apigatewayv2_authorizer that is not in the stack.",
    ],
    "an authorizer whose function is not in the stack": [
      { authorizer: { authorizer_uri: "arn:elsewhere" } },
      "The authorizer gate refers to an aws_lambda_function that is not in the stack.",
    ],
    "an identity source in the format of HTTP APIs (AU-03)": [
      { authorizer: { identity_sources: ["$request.header.Authorization"] } },
      "Invalid request identity source expression: $request.header.Authorization. Use route.request.header.NAME",
    ],
  };
  for (const [title, [own, sentence]] of Object.entries(refused)) {
    it(`rejects ${title}`, () => {
      expect(() => authorization(own)).to.throw(sentence);
    });
  }
});
