import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";

/** A route and its function. `code` is the source of the function's ES module. */
export interface FixtureRoute {
  readonly code: string;
  readonly routeResponse?: boolean;
  readonly integration?: object;
  readonly lambda?: object;
  readonly route?: object;
  /** The policy of the function's role; default: no permissions. */
  readonly policy?: object;
  /** Whether API Gateway may invoke the function; default: true. */
  readonly permission?: boolean;
  /** The trust policy of the function's role. */
  readonly trust?: object;
}

export interface FixtureStack {
  readonly routes?: Readonly<Record<string, FixtureRoute>>;
  readonly selection?: string;
  readonly stage?: object;
  /** Additional resources, in Terraform's JSON syntax. */
  readonly resources?: object;
  readonly data?: object;
  /** The default tags of the provider. */
  readonly defaultTags?: object;
  /** Source code of functions among `resources`, by the names of their archives. */
  readonly archives?: Readonly<Record<string, string>>;
}

const API = "$" + "{aws_apigatewayv2_api.api.id}";

/** A Terraform expression for an attribute such as `aws_iam_role.connect.arn`. */
export const reference = (address: string): string => `\${${address}}`;

/** A module whose handler returns this expression, with `event` and `context` in scope. */
export const returning = (expression: string): string =>
  `export const handler = async (event, context) => (${expression});`;

/**
 * Writes a small stack for a test of a client, or of a module that calls AWS. Returns its folder, which is deleted when
 * the process exits.
 */
export function fixtureStack({
  routes = {},
  selection = "$request.body.message",
  stage = {},
  resources = {},
  data = {},
  defaultTags,
  archives = {},
}: FixtureStack = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "fixture-stack-"));
  deleteAtExit(directory);
  for (const [name, code] of Object.entries(archives)) archive(directory, { name, code });
  const perRoute = Object.entries(routes).map(([key, route]) => routeResources(directory, key, route));
  const resource = {
    aws_apigatewayv2_api: {
      api: { name: "fixture", protocol_type: "WEBSOCKET", route_selection_expression: selection },
    },
    aws_apigatewayv2_stage: { stage: { api_id: API, name: "test", auto_deploy: true, ...stage } },
    ...merge(perRoute),
    ...resources,
  };
  const provider = { region: "eu-west-2", ...(defaultTags && { default_tags: [{ tags: defaultTags }] }) };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ provider: { aws: [provider] }, resource, data }));
  return directory;
}

const directories: string[] = [];

/** One listener for all folders: Node.js warns about more than ten listeners of an event. */
function deleteAtExit(directory: string): void {
  if (directories.push(directory) > 1) return;
  process.once("exit", () => {
    for (const each of directories) rmSync(each, { recursive: true, force: true });
  });
}

function archive(directory: string, { name, code }: { readonly name: string; readonly code: string }): string {
  const filename = `${name}.zip`;
  // Without the time, the same code has the same archive.
  writeFileSync(join(directory, filename), zipSync({ "index.mjs": strToU8(code) }, { mtime: "2026-01-01" }));
  return filename;
}

type Resources = Record<string, Record<string, object>>;

function routeResources(
  directory: string,
  key: string,
  { code, routeResponse, integration, lambda, route, policy, permission = true, trust = {} }: FixtureRoute,
): Resources {
  const id = key.replace(/\W/g, "_");
  const filename = archive(directory, { name: id, code });
  return {
    aws_lambda_function: {
      [id]: {
        function_name: id,
        role: reference(`aws_iam_role.${id}.arn`),
        handler: "index.handler",
        filename,
        timeout: 5,
        memory_size: 128,
        ...lambda,
      },
    },
    aws_iam_role: { [id]: { name: id, assume_role_policy: JSON.stringify(trust) } },
    ...(policy && { aws_iam_role_policy: { [id]: { role: id, policy: JSON.stringify(policy) } } }),
    ...(permission && {
      aws_lambda_permission: {
        [id]: {
          function_name: id,
          action: "lambda:InvokeFunction",
          principal: "apigateway.amazonaws.com",
          source_arn: `${reference("aws_apigatewayv2_api.api.execution_arn")}/*/${key}`,
        },
      },
    }),
    aws_apigatewayv2_integration: {
      [id]: {
        api_id: API,
        integration_type: "AWS_PROXY",
        integration_uri: reference(`aws_lambda_function.${id}.invoke_arn`),
        ...integration,
      },
    },
    aws_apigatewayv2_route: {
      [id]: {
        api_id: API,
        route_key: key,
        target: `integrations/${reference(`aws_apigatewayv2_integration.${id}.id`)}`,
        ...(routeResponse && { route_response_selection_expression: "$default" }),
        ...route,
      },
    },
    ...(routeResponse && {
      aws_apigatewayv2_route_response: {
        [id]: { api_id: API, route_id: reference(`aws_apigatewayv2_route.${id}.id`), route_response_key: "$default" },
      },
    }),
  };
}

function merge(all: readonly Resources[]): Resources {
  const merged: Resources = {};
  for (const resources of all) {
    for (const [type, ofType] of Object.entries(resources)) merged[type] = { ...merged[type], ...ofType };
  }
  return merged;
}
