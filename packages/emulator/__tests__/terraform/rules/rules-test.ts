import { expect } from "chai";
import { readStack } from "../../../src/terraform/stack.ts";
import { type FixtureStack, fixtureStack, reference, returning } from "../../../src/testing/fixture-stack.ts";
import { rejection } from "../../support/rejection.ts";

const code = returning("1");
const API = reference("aws_apigatewayv2_api.api.id");
const ROLE = { name: "own", assume_role_policy: "{}" };
const TABLE = { name: "talk", billing_mode: "PAY_PER_REQUEST", hash_key: "id", attribute: [{ name: "id", type: "S" }] };
const INDEX = { name: "byRoom", hash_key: "room", projection_type: "ALL" };
const WITH_ROOM = { attribute: [...TABLE.attribute, { name: "room", type: "S" }] };
const MODEL = { api_id: API, name: "order", schema: "{}" };
const AUTHORIZER = {
  ...{ api_id: API, name: "door", authorizer_type: "REQUEST" },
  authorizer_uri: reference("aws_lambda_function.go.invoke_arn"),
};

/** A stack with one route, with these parts replaced. */
const route = (own: object): FixtureStack => ({ routes: { go: { code, route: own } } });
const lambda = (own: object): FixtureStack => ({ routes: { go: { code, lambda: own } } });
const integration = (own: object): FixtureStack => ({ routes: { go: { code, integration: own } } });
const variables = (own: object): FixtureStack => lambda({ environment: { variables: own } });
const withRoute = (resources: object): FixtureStack => ({ routes: { go: { code } }, resources });
const api = (own: object): FixtureStack => ({
  resources: {
    aws_apigatewayv2_api: {
      api: { name: "fixture", protocol_type: "WEBSOCKET", route_selection_expression: "$request.body.do", ...own },
    },
  },
});
const table = (own: object): FixtureStack => ({ resources: { aws_dynamodb_table: { talk: { ...TABLE, ...own } } } });
const index = (own: object): FixtureStack => table({ ...WITH_ROOM, global_secondary_index: [{ ...INDEX, ...own }] });
const one = (type: string, own: object): FixtureStack => ({ resources: { [type]: { own } } });
const two = (type: string, own: object): FixtureStack => ({ resources: { [type]: { own, other: own } } });
const permission = (own: object): FixtureStack =>
  withRoute({
    aws_lambda_permission: {
      own: { function_name: "go", action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com", ...own },
    },
  });
const invoking = (own: object): FixtureStack =>
  withRoute({ aws_lambda_function_event_invoke_config: { own: { function_name: "go", ...own } } });
const authorizer = (own: object): FixtureStack =>
  withRoute({ aws_apigatewayv2_authorizer: { door: { ...AUTHORIZER, ...own } } });
const schedule = (own: object): FixtureStack =>
  withRoute({
    aws_scheduler_schedule: {
      own: {
        ...{ name: "own", schedule_expression: "rate(1 hour)", flexible_time_window: { mode: "OFF" } },
        target: { arn: reference("aws_lambda_function.go.arn"), role_arn: reference("aws_iam_role.go.arn") },
        ...own,
      },
    },
  });
const policy = (own: object, padding = ""): FixtureStack => {
  const statement = { Effect: "Allow", Action: "dynamodb:Query", Resource: "*", ...own };
  const Id = padding;
  return one("aws_iam_role", {
    ...ROLE,
    inline_policy: [{ name: "all", policy: JSON.stringify({ Id, Statement: [statement] }) }],
  });
};
const STAGE = "aws_apigatewayv2_stage.stage";
const HTTP = { integration_type: "HTTP_PROXY", integration_method: "POST", integration_uri: "http://127.0.0.1/" };
const LAMBDA_TRUST = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
const trusting = (own: object, Version = "2012-10-17"): FixtureStack => ({
  routes: { go: { code, trust: { Version, Statement: { ...LAMBDA_TRUST, ...own } } } },
});
const tagged = (tags: object): FixtureStack => one("aws_iam_role", { ...ROLE, tags });

const long = (length: number): string => "x".repeat(length);

/** A stack that AWS or Terraform would refuse, with the address of the resource, and part of the reason. */
type Case = readonly [what: string, stack: FixtureStack, address: string, reason: string];

const REFUSED: readonly Case[] = [
  // APIs
  ["an HTTP API", api({ protocol_type: "HTTP" }), "aws_apigatewayv2_api.api", '"protocol_type" is "HTTP"'],
  ["an API without a protocol", api({ protocol_type: null }), "aws_apigatewayv2_api.api", '"protocol_type" is missing'],
  [
    "an API without a selection",
    api({ route_selection_expression: null }),
    "aws_apigatewayv2_api.api",
    '"route_selection_expression" is missing',
  ],
  [
    "the selection of HTTP APIs",
    api({ route_selection_expression: "$request.method" }),
    "aws_apigatewayv2_api.api",
    "$request.body.PATH",
  ],
  ["an API's long name", api({ name: long(129) }), "aws_apigatewayv2_api.api", "1 to 128 characters"],
  // Routes
  [
    "a route key that begins with $",
    { routes: { $alert: { code } } },
    "aws_apigatewayv2_route._alert",
    '"route_key" is "$alert"',
  ],
  ["an empty route key", route({ route_key: "" }), "aws_apigatewayv2_route.go", '"route_key" is ""'],
  [
    "two routes with one key",
    { routes: { go: { code }, again: { code, route: { route_key: "go" } } } },
    "aws_apigatewayv2_route.again",
    "as aws_apigatewayv2_route.go. Rename one.",
  ],
  [
    "JWT authorization",
    route({ authorization_type: "JWT" }),
    "aws_apigatewayv2_route.go",
    "one of NONE, AWS_IAM, CUSTOM",
  ],
  [
    "CUSTOM without an authorizer",
    route({ authorization_type: "CUSTOM" }),
    "aws_apigatewayv2_route.go",
    '"authorizer_id" is missing',
  ],
  [
    "another response selection",
    route({ route_response_selection_expression: "$other" }),
    "aws_apigatewayv2_route.go",
    "one of $default",
  ],
  [
    "a target that is not an integration",
    route({ target: "functions/go" }),
    "aws_apigatewayv2_route.go",
    "integrations/ID",
  ],
  [
    "a route response with another key",
    withRoute({
      aws_apigatewayv2_route_response: {
        go: { api_id: API, route_id: reference("aws_apigatewayv2_route.go.id"), route_response_key: "go" },
      },
    }),
    "aws_apigatewayv2_route_response.go",
    '"route_response_key" is "go"',
  ],
  [
    "two responses of one route",
    {
      ...{ routes: { go: { code } } },
      ...two("aws_apigatewayv2_route_response", { api_id: API, route_id: "go", route_response_key: "$default" }),
    },
    "aws_apigatewayv2_route_response.other",
    '"route_id"',
  ],
  // Stages
  [
    "settings of a missing route",
    { ...route({}), stage: { route_settings: [{ route_key: "gone" }] } },
    "aws_apigatewayv2_stage.stage",
    "which its API does not have. Its routes are go",
  ],
  [
    "a negative throttle",
    { stage: { default_route_settings: { throttling_rate_limit: -1 } } },
    "aws_apigatewayv2_stage.stage",
    "throttling_rate_limit",
  ],
  [
    "a fraction as a burst",
    { stage: { default_route_settings: { throttling_burst_limit: 1.5 } } },
    "aws_apigatewayv2_stage.stage",
    "a whole number",
  ],
  ["a stage name with a slash", { stage: { name: "a/b" } }, "aws_apigatewayv2_stage.stage", "letters, digits and -_"],
  [
    "an access log without a request id",
    {
      stage: {
        access_log_settings: {
          destination_arn: "arn:aws:logs:eu-west-2:000000000000:log-group:a",
          format: "$context.requestIdle $context.status",
        },
      },
    },
    "aws_apigatewayv2_stage.stage",
    "$context.requestId",
  ],
  [
    "an access log's long format",
    {
      stage: {
        access_log_settings: {
          destination_arn: "arn:aws:logs:eu-west-2:000000000000:log-group:a",
          format: `$context.requestId ${long(1024)}`,
        },
      },
    },
    "aws_apigatewayv2_stage.stage",
    "1 to 1024",
  ],
  [
    "a stage variable with a space",
    { stage: { stage_variables: { a: "b c" } } },
    "aws_apigatewayv2_stage.stage",
    "stage_variables.*",
  ],
  [
    "a stage variable's name with a hyphen",
    { stage: { stage_variables: { "a-b": "c" } } },
    "aws_apigatewayv2_stage.stage",
    '"a-b"',
  ],
  [
    "a deployment id with auto-deploy",
    { stage: { deployment_id: "a" } },
    "aws_apigatewayv2_stage.stage",
    '"auto_deploy"',
  ],
  [
    "a deployment without routes",
    one("aws_apigatewayv2_deployment", { api_id: API }),
    "aws_apigatewayv2_deployment.own",
    "API Gateway requires at least one",
  ],
  // Integrations, models, authorizers
  ["a short timeout", integration({ timeout_milliseconds: 49 }), "aws_apigatewayv2_integration.go", "from 50 to 29000"],
  [
    "a long timeout",
    integration({ timeout_milliseconds: 29_001 }),
    "aws_apigatewayv2_integration.go",
    "from 50 to 29000",
  ],
  [
    "an unknown type of integration",
    integration({ integration_type: "LAMBDA" }),
    "aws_apigatewayv2_integration.go",
    "one of AWS_PROXY",
  ],
  [
    "an unknown passthrough",
    integration({ passthrough_behavior: "ALWAYS" }),
    "aws_apigatewayv2_integration.go",
    "one of WHEN_NO_MATCH",
  ],
  [
    "an integration response with a bare key",
    one("aws_apigatewayv2_integration_response", { api_id: API, integration_id: "a", integration_response_key: "400" }),
    "aws_apigatewayv2_integration_response.own",
    "/400/",
  ],
  [
    "a model's name with a hyphen",
    one("aws_apigatewayv2_model", { ...MODEL, name: "an-order" }),
    "aws_apigatewayv2_model.own",
    "letters and digits",
  ],
  [
    "a model whose schema is not JSON",
    one("aws_apigatewayv2_model", { ...MODEL, schema: "{" }),
    "aws_apigatewayv2_model.own",
    "a JSON Schema",
  ],
  ["two models with one name", two("aws_apigatewayv2_model", MODEL), "aws_apigatewayv2_model.other", '"name" "order"'],
  ["a JWT authorizer", authorizer({ authorizer_type: "JWT" }), "aws_apigatewayv2_authorizer.door", "must be REQUEST"],
  [
    "an authorizer with a cache",
    authorizer({ authorizer_result_ttl_in_seconds: 60 }),
    "aws_apigatewayv2_authorizer.door",
    "do not cache the results of authorizers",
  ],
  [
    "the identity source of HTTP APIs",
    authorizer({ identity_sources: ["$request.header.Auth"] }),
    "aws_apigatewayv2_authorizer.door",
    "route.request.header.NAME",
  ],
  // Functions
  [
    "two functions with one name",
    { routes: { go: { code }, again: { code, lambda: { function_name: "go" } } } },
    "aws_lambda_function.again",
    '"function_name" "go" as aws_lambda_function.go',
  ],
  ["a function's long name", lambda({ function_name: long(65) }), "aws_lambda_function.go", "1 to 64 characters"],
  [
    "a function's name with a dot",
    lambda({ function_name: "a.b" }),
    "aws_lambda_function.go",
    "letters, digits and -_",
  ],
  ["too little memory", lambda({ memory_size: 127 }), "aws_lambda_function.go", "from 128 to 10240"],
  ["too long a timeout", lambda({ timeout: 901 }), "aws_lambda_function.go", "from 1 to 900"],
  ["a handler with a space", lambda({ handler: "index. handler" }), "aws_lambda_function.go", '"handler"'],
  ["an unknown architecture", lambda({ architectures: ["arm"] }), "aws_lambda_function.go", "x86_64, arm64"],
  ["a long description", lambda({ description: long(257) }), "aws_lambda_function.go", "0 to 256"],
  [
    "a log level of text logs",
    lambda({ logging_config: { log_format: "Text", application_log_level: "INFO" } }),
    "aws_lambda_function.go",
    "Log levels require the format JSON",
  ],
  ...[
    "AWS_REGION",
    "AWS_LAMBDA_FUNCTION_NAME",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY_ID",
    "LAMBDA_TASK_ROOT",
    "AWS_EXECUTION_ENV",
  ].map(
    (name): Case => [
      `the reserved variable ${name}`,
      variables({ [name]: "a" }),
      "aws_lambda_function.go",
      `${name} is reserved`,
    ],
  ),
  ["a variable's name with a hyphen", variables({ "A-B": "c" }), "aws_lambda_function.go", '"A-B"'],
  ["a variable's name of one letter", variables({ A: "c" }), "aws_lambda_function.go", '"A"'],
  ["a variable that is a list", variables({ LIST: ["a"] }), "aws_lambda_function.go", "It must be a string"],
  [
    "too many bytes of variables",
    variables({ TEXT: long(4096) }),
    "aws_lambda_function.go",
    "Lambda allows at most 4096",
  ],
  [
    "a statement id with a space",
    permission({ statement_id: "allow it" }),
    "aws_lambda_permission.own",
    "letters, digits and -_",
  ],
  [
    "two statements of a function with one id",
    withRoute({
      aws_lambda_permission: {
        own: { statement_id: "a", function_name: "go", action: "*", principal: "b" },
        other: { statement_id: "a", function_name: "go", action: "*", principal: "b" },
      },
    }),
    "aws_lambda_permission.other",
    '"statement_id" "a"',
  ],
  ["a source that is not an ARN", permission({ source_arn: "api" }), "aws_lambda_permission.own", "an ARN"],
  [
    "an action of another service",
    permission({ action: "s3:GetObject" }),
    "aws_lambda_permission.own",
    "an action of lambda",
  ],
  [
    "three retries",
    invoking({ maximum_retry_attempts: 3 }),
    "aws_lambda_function_event_invoke_config.own",
    "from 0 to 2",
  ],
  [
    "events of 59 seconds",
    invoking({ maximum_event_age_in_seconds: 59 }),
    "aws_lambda_function_event_invoke_config.own",
    "from 60 to 21600",
  ],
  // Tables
  [
    "an attribute that is not part of a key",
    table(WITH_ROOM),
    "aws_dynamodb_table.talk",
    '"room" is declared but not part of a key',
  ],
  [
    "a key that is not declared",
    table({ range_key: "at" }),
    "aws_dynamodb_table.talk",
    'The key "at" has no "attribute" block',
  ],
  [
    "an attribute declared twice",
    table({ attribute: [...TABLE.attribute, ...TABLE.attribute] }),
    "aws_dynamodb_table.talk",
    "declared twice",
  ],
  [
    "one attribute as both keys",
    table({ range_key: "id" }),
    "aws_dynamodb_table.talk",
    "both partition key and sort key",
  ],
  [
    "a table without a key",
    table({ hash_key: null, attribute: [] }),
    "aws_dynamodb_table.talk",
    '"hash_key" is missing',
  ],
  [
    "an unknown type of attribute",
    table({ attribute: [{ name: "id", type: "BOOL" }] }),
    "aws_dynamodb_table.talk",
    "one of S, N, B",
  ],
  ["a table's short name", table({ name: "ab" }), "aws_dynamodb_table.talk", "3 to 255"],
  [
    "provisioned without capacity",
    table({ billing_mode: "PROVISIONED" }),
    "aws_dynamodb_table.talk",
    '"read_capacity" is nothing',
  ],
  ["TTL without an attribute", table({ ttl: { enabled: true } }), "aws_dynamodb_table.talk", '"attribute_name"'],
  [
    "36 days of recovery",
    table({ point_in_time_recovery: { enabled: true, recovery_period_in_days: 36 } }),
    "aws_dynamodb_table.talk",
    "from 1 to 35",
  ],
  ["an unknown projection", index({ projection_type: "SOME" }), "aws_dynamodb_table.talk", "ALL, KEYS_ONLY, INCLUDE"],
  [
    "INCLUDE without attributes",
    index({ projection_type: "INCLUDE" }),
    "aws_dynamodb_table.talk",
    'INCLUDE requires "non_key_attributes"',
  ],
  [
    "attributes without INCLUDE",
    index({ non_key_attributes: ["a"] }),
    "aws_dynamodb_table.talk",
    'INCLUDE requires "non_key_attributes"',
  ],
  [
    "an index without capacity",
    table({
      ...{ ...WITH_ROOM, billing_mode: "PROVISIONED", read_capacity: 1, write_capacity: 1 },
      global_secondary_index: [{ ...INDEX, read_capacity: 1 }],
    }),
    "aws_dynamodb_table.talk",
    '"write_capacity" of the index "byRoom"',
  ],
  [
    "a local index by the partition key",
    table({
      ...{ ...WITH_ROOM, range_key: "room" },
      local_secondary_index: [{ name: "byId", range_key: "id", projection_type: "ALL" }],
    }),
    "aws_dynamodb_table.talk",
    "partition key as its sort key",
  ],
  [
    "an attribute without a type",
    table({ attribute: [{ name: "id" }] }),
    "aws_dynamodb_table.talk",
    '"attribute.type" is missing',
  ],
  ["an index without a name", index({ name: null }), "aws_dynamodb_table.talk", 'An index has no "name"'],
  [
    "two indexes with one name",
    table({ ...WITH_ROOM, global_secondary_index: [INDEX, INDEX] }),
    "aws_dynamodb_table.talk",
    "Two indexes",
  ],
  [
    "a local index without a sort key",
    table({ ...WITH_ROOM, local_secondary_index: { name: "byRoom", range_key: "room", projection_type: "ALL" } }),
    "aws_dynamodb_table.talk",
    "Local indexes require a sort key of the table",
  ],
  // IAM
  ["a hyphen in a statement id", policy({ Sid: "Fan-out" }), "aws_iam_role.own", "[0-9A-Za-z]*"],
  ["a policy with too many characters", policy({}, long(10_240)), "aws_iam_role.own", "IAM allows at most 10240"],
  ["a role's long name", one("aws_iam_role", { ...ROLE, name: long(65) }), "aws_iam_role.own", "1 to 64"],
  [
    "two roles with one name in another case",
    { resources: { aws_iam_role: { own: ROLE, other: { ...ROLE, name: "OWN" } } } },
    "aws_iam_role.other",
    '"name" "OWN"',
  ],
  [
    "a role without a trust policy",
    one("aws_iam_role", { name: "own" }),
    "aws_iam_role.own",
    '"assume_role_policy" is missing',
  ],
  [
    "tags of a role that differ only by case",
    tagged({ Team: "a", team: "b" }),
    "aws_iam_role.own",
    "when case is ignored",
  ],
  ["a tag with the prefix of AWS", tagged({ "aws:team": "a" }), "aws_iam_role.own", "not beginning with aws:"],
  ["a long value of a tag", tagged({ team: long(257) }), "aws_iam_role.own", "at most 256"],
  [
    "51 tags",
    tagged(Object.fromEntries(Array.from({ length: 51 }, (_, number) => [`t${number}`, "a"]))),
    "aws_iam_role.own",
    "AWS allows at most 50",
  ],
  // Others
  ["a queue's long name", one("aws_sqs_queue", { name: long(81) }), "aws_sqs_queue.own", "1 to 80"],
  ["two queues with one name", two("aws_sqs_queue", { name: "failed" }), "aws_sqs_queue.other", '"name" "failed"'],
  [
    "15 days in a queue",
    one("aws_sqs_queue", { name: "failed", message_retention_seconds: 1_296_000 }),
    "aws_sqs_queue.own",
    "from 60 to 1209600",
  ],
  [
    "a poll of 21 seconds",
    one("aws_sqs_queue", { name: "failed", receive_wait_time_seconds: 21 }),
    "aws_sqs_queue.own",
    "from 0 to 20",
  ],
  [
    "two weeks and a day of logs",
    one("aws_cloudwatch_log_group", { name: "a", retention_in_days: 15 }),
    "aws_cloudwatch_log_group.own",
    "one of 0, 1, 3",
  ],
  [
    "a log group with the prefix of AWS",
    one("aws_cloudwatch_log_group", { name: "aws/a" }),
    "aws_cloudwatch_log_group.own",
    'not beginning with "aws/"',
  ],
  [
    "two log groups with one name",
    two("aws_cloudwatch_log_group", { name: "a" }),
    "aws_cloudwatch_log_group.other",
    '"name" "a"',
  ],
  [
    "a secret's name with a space",
    one("aws_secretsmanager_secret", { name: "a b" }),
    "aws_secretsmanager_secret.own",
    "letters, digits and /_+=.@-",
  ],
  [
    "a secret's window of 6 days",
    one("aws_secretsmanager_secret", { name: "a", recovery_window_in_days: 6 }),
    "aws_secretsmanager_secret.own",
    "one of 0, 7",
  ],
  ["a key's window of 31 days", one("aws_kms_key", { deletion_window_in_days: 31 }), "aws_kms_key.own", "from 7 to 30"],
  [
    "an alias with the prefix of AWS",
    one("aws_kms_alias", { name: "alias/aws/a", target_key_id: "a" }),
    "aws_kms_alias.own",
    "alias/aws/",
  ],
  ...[
    ...["rate(0 hours)", "rate(30 seconds)", "every hour", "cron(0 8 * * ?)", "cron(0 8 * * * *)", "cron(0 8 ? * ? *)"],
    "cron(a b c d e f)",
  ].map(
    (expression): Case => [
      `the schedule ${expression}`,
      schedule({ schedule_expression: expression }),
      "aws_scheduler_schedule.own",
      "such as rate(5 minutes)",
    ],
  ),
  [
    "a schedule's name with a space",
    schedule({ name: "a b" }),
    "aws_scheduler_schedule.own",
    "letters, digits and -_.",
  ],
  [
    "a schedule without a window",
    schedule({ flexible_time_window: null }),
    "aws_scheduler_schedule.own",
    '"flexible_time_window.mode" is missing',
  ],
  [
    "a flexible window without minutes",
    schedule({ flexible_time_window: { mode: "FLEXIBLE" } }),
    "aws_scheduler_schedule.own",
    "FLEXIBLE requires",
  ],
  [
    "186 retries of a schedule",
    schedule({
      target: {
        arn: reference("aws_lambda_function.go.arn"),
        role_arn: reference("aws_iam_role.go.arn"),
        retry_policy: { maximum_retry_attempts: 186 },
      },
    }),
    "aws_scheduler_schedule.own",
    "from 0 to 185",
  ],
  // Functions and their roles
  ...["nodejs12.x", "nodejs23.x", "nodejs99.x", "nodejs22"].map(
    (runtime): Case => [
      `the runtime ${runtime}`,
      lambda({ runtime }),
      "aws_lambda_function.go",
      `"runtime" is "${runtime}"`,
    ],
  ),
  ["two architectures", lambda({ architectures: ["arm64", "x86_64"] }), "aws_lambda_function.go", "1 to 1 values"],
  [
    "a logging configuration without a format",
    lambda({ logging_config: { log_group: "/a" } }),
    "aws_lambda_function.go",
    '"logging_config.log_format" is missing',
  ],
  [
    "a source ARN with a wildcard as its region",
    permission({ source_arn: "arn:aws:execute-api:*:*:a/*" }),
    "aws_lambda_permission.own",
    "without wildcards in its region",
  ],
  [
    "a statement id with a hyphen in a trust policy",
    trusting({ Sid: "a-b" }),
    "aws_iam_role.go",
    "assume_role_policy: Statement[0].Sid",
  ],
  ["a resource in a trust policy", trusting({ Resource: "*" }), "aws_iam_role.go", "must not have Resource"],
  ["a trust policy without a principal", trusting({ Principal: undefined }), "aws_iam_role.go", "no Principal"],
  [
    "another action in a trust policy",
    trusting({ Action: "lambda:InvokeFunction" }),
    "aws_iam_role.go",
    "only actions",
  ],
  [
    "a role that Lambda cannot assume",
    trusting({ Principal: { Service: "apigateway.amazonaws.com" } }),
    "aws_lambda_function.go",
    "Lambda cannot assume its role",
  ],
  // Stages and integrations
  ["an unknown logging level", { stage: { default_route_settings: { logging_level: "DEBUG" } } }, STAGE, "ERROR, INFO"],
  [
    "an access log without a format",
    { stage: { access_log_settings: { destination_arn: "arn:aws:logs:eu-west-2:000000000000:log-group:a" } } },
    STAGE,
    '"access_log_settings.format" is missing',
  ],
  ["route settings without a key", { stage: { route_settings: [{}] } }, STAGE, '"route_settings.route_key" is missing'],
  ["a text as a boolean", { stage: { auto_deploy: "yes" } }, STAGE, "true or false"],
  [
    "an HTTP integration without an address",
    integration({ ...HTTP, integration_uri: null }),
    "aws_apigatewayv2_integration.go",
    '"integration_uri" is missing',
  ],
  [
    "an HTTP integration with another protocol",
    integration({ ...HTTP, integration_uri: "ftp://a" }),
    "aws_apigatewayv2_integration.go",
    "begins with http://",
  ],
  [
    "an HTTP integration without a method",
    integration({ ...HTTP, integration_method: null }),
    "aws_apigatewayv2_integration.go",
    '"integration_method" is missing',
  ],
  // Terraform
  [
    "a dependency that is not declared",
    lambda({ depends_on: ["aws_iam_role_policy.gone"] }),
    "aws_lambda_function.go",
    '"depends_on" has "aws_iam_role_policy.gone"',
  ],
  ...["1a", "a b", "a.b", ""].map(
    (id): Case => [
      `a resource called "${id}"`,
      { resources: { aws_sqs_queue: { [id]: { name: "a" } } } },
      `aws_sqs_queue.${id}`,
      "The name is invalid",
    ],
  ),
];

const ACCEPTED: readonly (readonly [what: string, stack: FixtureStack])[] = [
  [
    "the three predefined routes, and a key of any characters",
    { routes: { $connect: { code }, $disconnect: { code }, $default: { code }, "a b/ü$": { code } } },
  ],
  ["a selection with several variables", api({ route_selection_expression: "$${request.body.a}/$${request.body.b}" })],
  [
    "TZ, NODE_OPTIONS and PATH as variables",
    variables({ TZ: "Europe/London", NODE_OPTIONS: "--enable-source-maps", PATH: "/a" }),
  ],
  ["variables of 4,096 bytes", variables({ TEXT: long(4096 - '{"TEXT":""}'.length) })],
  ["numbers as strings", lambda({ timeout: "900", memory_size: "10240" })],
  [
    "settings of a route",
    {
      ...route({}),
      stage: { route_settings: [{ route_key: "go", throttling_rate_limit: 0.5, throttling_burst_limit: 0 }] },
    },
  ],
  ["an attribute of an index", index({})],
  ["provisioned capacity", table({ billing_mode: "PROVISIONED", read_capacity: 1, write_capacity: 1 })],
  ["actions of a service that the emulator does not play", policy({ Action: "sns:Publish" })],
  ["tags that differ by case, of a queue", one("aws_sqs_queue", { name: "failed", tags: { Team: "a", team: "b" } })],
  ["an empty trust policy", one("aws_iam_role", ROLE)],
  ["a trust policy for Lambda", trusting({})],
  [
    "a trust policy for several services",
    trusting({ Sid: "", Principal: { Service: ["apigateway.amazonaws.com", "lambda.amazonaws.com"] } }, "2008-10-17"),
  ],
  ["a trust policy for Lambda in China", trusting({ Principal: { Service: "lambda.amazonaws.com.cn" } })],
  [
    "a trust policy with a condition",
    trusting({ Action: ["sts:*"], Condition: { Bool: { "aws:ViaAWSService": "true" } } }),
  ],
  ["an empty list of projected attributes", index({ non_key_attributes: [] })],
  ["keys that are null", table({ range_key: null })],
  ["capacity of a table that is paid per request", table({ read_capacity: 0, write_capacity: 0 })],
  ["a log group, a role and a function of one name", withRoute({ aws_cloudwatch_log_group: { go: { name: "go" } } })],
  ["a dependency on data", lambda({ depends_on: ["data.aws_region.here", "aws_iam_role.go"] })],
  ["logs that are kept forever", one("aws_cloudwatch_log_group", { name: "/a", retention_in_days: 0 })],
];

describe("terraform/rules", () => {
  for (const expression of ["rate(1 hours)", "rate(1 hour)", "rate(30 minutes)"]) {
    it(`accepts the schedule ${expression}, as EventBridge Scheduler does`, async () => {
      const message = await rejection(readStack(fixtureStack(schedule({ schedule_expression: expression }))));
      expect(message).not.to.include("schedule_expression");
    });
  }

  for (const [what, stack, address, reason] of REFUSED) {
    it(`rejects ${what}`, async () => {
      const message = await rejection(readStack(fixtureStack(stack)));
      expect(message).to.include(`${address}: `).and.to.include(reason);
      expect(message).to.match(/ See https:\/\//);
    });
  }

  for (const [what, stack] of ACCEPTED) {
    it(`accepts ${what}`, async () => {
      expect(await readStack(fixtureStack(stack))).to.have.property("name");
    });
  }

  it("accepts a policy with an unknown action, as IAM does, and warns about it", async () => {
    const { warnings } = await readStack(fixtureStack(policy({ Action: "dynamodb:Ask" })));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("aws_iam_role.own: ").and.to.include('"dynamodb:Ask" does not exist');
  });

  it("rejects default tags that differ from the tags of a role only by case", async () => {
    const stack = tagged({ Team: "a" });
    expect(await rejection(readStack(fixtureStack({ ...stack, defaultTags: { team: "b" } })))).to.include(
      "when case is ignored",
    );
  });

  it("lists every reason on its own line, for rules of AWS and limits of the emulator", async () => {
    const resources = { aws_kinesis_stream: { a: {} }, aws_sqs_queue: { a: { name: "a b" }, b: { name: "c d" } } };
    const message = await rejection(readStack(fixtureStack({ resources })));
    expect(message.split("\n")).to.have.length(4);
    expect(message).to.match(/^The emulator refuses the stack for 3 reasons:\n/);
    for (const part of ["aws_kinesis_stream", "aws_sqs_queue.a: ", "aws_sqs_queue.b: "]) {
      expect(message).to.include(`\n  - ${part === "aws_kinesis_stream" ? "The emulator does not support" : part}`);
    }
  });

  it("lists every expression that it cannot resolve", async () => {
    const variables = { ONE: "${var.one}", TWO: "%{ if true }a%{ endif }" };
    const message = await rejection(
      readStack(fixtureStack({ routes: { a: { code, lambda: { handler: "${var.a}", environment: { variables } } } } })),
    );
    expect(message).to.include("${var.a} in aws_lambda_function.a.handler");
    expect(message).to.include("${var.one} in aws_lambda_function.a.environment");
    expect(message).to.include("%{ if true } in aws_lambda_function.a.environment");
  });
});
