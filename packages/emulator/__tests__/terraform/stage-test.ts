import { expect } from "chai";
import type { Attributes } from "../../src/terraform/configuration.ts";
import { type StageConfig, stageOf } from "../../src/terraform/stage.ts";

const ARN = "arn:aws:execute-api:eu-west-2:000000000000:a1b2c3/dev";

const stage = (own: object = {}, api: object = {}): StageConfig =>
  stageOf({
    aws_apigatewayv2_api: {
      api: { id: "a1b2c3", route_selection_expression: "$request.body.a", ...api } as Attributes,
    },
    aws_apigatewayv2_stage: { dev: { name: "dev", execution_arn: ARN, ...own } as Attributes },
  });

const numbers = (rate: number, burst: number) => ({ throttling_rate_limit: rate, throttling_burst_limit: burst });

describe("terraform/stage", () => {
  it("reads a stage with only a name", () => {
    expect(stage()).to.deep.equal({
      apiId: "a1b2c3",
      name: "dev",
      executionArn: ARN,
      routeSelectionExpression: "$request.body.a",
      isDeployed: false,
      isEndpointEnabled: true,
      variables: {},
      throttle: undefined,
      routeThrottles: {},
      accessLog: undefined,
    });
  });

  it("is deployed if it has auto-deploy or a deployment (HS-30, TF-03)", () => {
    expect(stage({ auto_deploy: true })).to.include({ isDeployed: true });
    expect(stage({ deployment_id: "d1" })).to.include({ isDeployed: true });
    expect(stage({ auto_deploy: false })).to.include({ isDeployed: false });
  });

  it("can disable the default endpoint (HS-06)", () => {
    expect(stage({}, { disable_execute_api_endpoint: true })).to.include({ isEndpointEnabled: false });
  });

  it("reads the throttling limits of the stage and of single routes, in one block or several", () => {
    expect(
      stage({
        default_route_settings: numbers(100, 50),
        route_settings: [{ route_key: "sendmessage", ...numbers(5, 2) }],
      }),
    ).to.deep.include({
      throttle: { requestsPerSecond: 100, burst: 50 },
      routeThrottles: { sendmessage: { requestsPerSecond: 5, burst: 2 } },
    });
  });

  it("reads a missing throttling limit as 0, which is what the provider sends (TF-08)", () => {
    expect(stage({ default_route_settings: [{ logging_level: "ERROR" }] })).to.deep.include({
      throttle: { requestsPerSecond: 0, burst: 0 },
    });
  });

  it("reads the stage variables", () => {
    expect(stage({ stage_variables: { colour: "blue" } })).to.deep.include({ variables: { colour: "blue" } });
  });

  it("reads the log group of the access log from an ARN with or without a trailing star", () => {
    const format = "$context.requestId";
    for (const tail of ["", ":*"]) {
      const destination_arn = `arn:aws:logs:eu-west-2:000000000000:log-group:/aws/access${tail}`;
      expect(stage({ access_log_settings: { destination_arn, format } })).to.deep.include({
        accessLog: { destination: "/aws/access", format },
      });
    }
  });
});
