import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { bundleHandlers, type Handler } from "./handler-bundles.ts";

interface Route {
  readonly key: string;
  readonly handler: Handler;
  readonly hasRouteResponse: boolean;
}

/** The same routes as in serverless-offline/serverless.yml. */
const ROUTES: readonly Route[] = [
  { key: "$connect", handler: "connect", hasRouteResponse: false },
  { key: "$default", handler: "echo", hasRouteResponse: true },
  { key: "identify", handler: "identify", hasRouteResponse: true },
  { key: "broadcast", handler: "broadcast", hasRouteResponse: false },
];

const reference = (address: string): string => `\${${address}}`;
const API = reference("aws_apigatewayv2_api.api.id");

/** Writes the Terraform of the benchmark, with the archives of its functions, into a directory. */
export async function writeStack(directory: string): Promise<void> {
  for (const [name, code] of await bundleHandlers()) {
    await writeFile(join(directory, `${name}.zip`), zipSync({ "index.mjs": code }));
  }
  const resource = {
    aws_apigatewayv2_api: {
      api: { name: "benchmark", protocol_type: "WEBSOCKET", route_selection_expression: "$request.body.message" },
    },
    aws_apigatewayv2_stage: { stage: { api_id: API, name: "bench", auto_deploy: true } },
    ...ROUTES.map(resourcesOf).reduce(merge),
    aws_iam_role_policy: { broadcast: { role: reference("aws_iam_role.broadcast.name"), policy: POST_POLICY } },
  };
  const configuration = { provider: { aws: [{ region: "eu-west-2" }] }, resource };
  await writeFile(join(directory, "cdk.tf.json"), JSON.stringify(configuration));
}

const POST_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "execute-api:ManageConnections",
      Resource: `${reference("aws_apigatewayv2_stage.stage.execution_arn")}/POST/@connections/*`,
    },
  ],
});

type Resources = Readonly<Record<string, object>>;

const merge = (left: Resources, right: Resources): Resources =>
  Object.fromEntries(
    [...new Set([...Object.keys(left), ...Object.keys(right)])].map((type) => [
      type,
      { ...left[type], ...right[type] },
    ]),
  );

const resourcesOf = (route: Route): Resources => ({ ...functionOf(route), ...routeOf(route) });

const functionOf = ({ key, handler }: Route): Resources => ({
  aws_iam_role: { [handler]: { name: handler, assume_role_policy: "{}" } },
  aws_lambda_function: {
    [handler]: {
      function_name: handler,
      role: reference(`aws_iam_role.${handler}.arn`),
      handler: "index.handler",
      filename: `${handler}.zip`,
      runtime: "nodejs22.x",
      timeout: 28,
      memory_size: 256,
    },
  },
  aws_lambda_permission: {
    [handler]: {
      function_name: handler,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      source_arn: `${reference("aws_apigatewayv2_api.api.execution_arn")}/*/${key}`,
    },
  },
});

const routeOf = ({ key, handler, hasRouteResponse }: Route): Resources => ({
  aws_apigatewayv2_integration: {
    [handler]: {
      api_id: API,
      integration_type: "AWS_PROXY",
      integration_uri: reference(`aws_lambda_function.${handler}.invoke_arn`),
    },
  },
  aws_apigatewayv2_route: {
    [handler]: {
      api_id: API,
      route_key: key,
      target: `integrations/${reference(`aws_apigatewayv2_integration.${handler}.id`)}`,
      ...(hasRouteResponse && { route_response_selection_expression: "$default" }),
    },
  },
  ...(hasRouteResponse && {
    aws_apigatewayv2_route_response: {
      [handler]: {
        api_id: API,
        route_id: reference(`aws_apigatewayv2_route.${handler}.id`),
        route_response_key: "$default",
      },
    },
  }),
});
