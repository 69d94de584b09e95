const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

export interface Planned {
  readonly values: Readonly<Record<string, unknown>>;
  readonly unknown?: Readonly<Record<string, unknown>>;
  /** Constants are taken from the values. */
  readonly references?: Readonly<Record<string, unknown>>;
}

const API = { references: ["aws_apigatewayv2_api.chat.id", "aws_apigatewayv2_api.chat"] };

/** The resources of an API with one route. */
export const PLANNED_STACK: Readonly<Record<string, Planned>> = {
  "aws_apigatewayv2_api.chat": {
    values: { name: "chat", protocol_type: "WEBSOCKET", route_selection_expression: "$request.body.action" },
    unknown: { id: true },
  },
  "aws_apigatewayv2_stage.dev": {
    values: { name: "dev", auto_deploy: true },
    unknown: { api_id: true },
    references: { api_id: API },
  },
  "aws_apigatewayv2_integration.say": {
    values: { integration_type: "AWS_PROXY" },
    unknown: { api_id: true, integration_uri: true },
    references: {
      api_id: API,
      integration_uri: { references: ["aws_lambda_function.say.invoke_arn", "aws_lambda_function.say"] },
    },
  },
  "aws_apigatewayv2_route.say": {
    values: { route_key: "say" },
    unknown: { api_id: true, target: true },
    references: { api_id: API, target: { references: ["aws_apigatewayv2_integration.say.id"] } },
  },
  "aws_lambda_function.say": {
    values: {
      function_name: "say",
      handler: "index.handler",
      filename: "say.zip",
      environment: [{ variables: { TEXT: "${b}" } }],
    },
    unknown: { role: true },
    references: { role: { references: ["aws_iam_role.say.arn"] }, environment: [{ variables: {} }] },
  },
  "aws_iam_role.say": { values: { name: "say", assume_role_policy: TRUST } },
  "aws_lambda_permission.say": {
    values: { action: "lambda:InvokeFunction", function_name: "say", principal: "apigateway.amazonaws.com" },
    unknown: { source_arn: true },
    references: { source_arn: { references: ["aws_apigatewayv2_api.chat.execution_arn"] } },
  },
};

/** A plan, as `terraform show -json` prints it. */
export function planOf(resources: Readonly<Record<string, Planned>>): object {
  const all = Object.entries(resources).map(([address, planned]) => {
    const [type = "", name = ""] = address.split(".");
    return { address, mode: "managed", type, name, ...planned };
  });
  return {
    format_version: "1.2",
    variables: { region: { value: "eu-west-2" } },
    planned_values: { root_module: { resources: all.map(({ unknown, references, ...each }) => each) } },
    resource_changes: all.map(({ address, unknown = {} }) => ({ address, change: { after_unknown: unknown } })),
    configuration: {
      provider_config: { aws: { expressions: { region: { references: ["var.region"] } } } },
      root_module: {
        resources: all.map(({ mode, type, name, values, references }) => ({
          ...{ mode, type, name },
          expressions: {
            ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { constant_value: value }])),
            ...references,
          },
        })),
      },
    },
  };
}
