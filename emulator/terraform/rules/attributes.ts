import { atLeast, integer, json, listOf, oneOf, type TypeRules, text } from "./constraints.ts";

const AWS = "https://docs.aws.amazon.com/";
const V2 = `${AWS}apigatewayv2/latest/api-reference/`;
const DESCRIPTION = text([0, 1024]);
const NAME_128 = text([1, 128]);
const IAM_NAME = { pattern: /^[\w+=,.@-]+$/, shape: "letters, digits and +=,.@_-" };
const SCHEDULER_NAME = text([1, 64], { pattern: /^[0-9a-zA-Z\-_.]+$/, shape: "letters, digits and -_." });
const LOG_GROUP = text([1, 512], {
  pattern: /^(?!aws\/)[.\-_/#A-Za-z0-9]+$/,
  shape: 'letters, digits and .-_/#, not beginning with "aws/"',
});
const ARN = { pattern: /^arn:aws[a-zA-Z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$/, shape: "an ARN" };
const DYNAMODB_NAME = text([3, 255], { pattern: /^[A-Za-z0-9_.-]+$/, shape: "letters, digits and _.-" });

/** `rate(1 hour)`, `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2030-01-01T00:00:00)`: one of a unit is singular. */
const SCHEDULE_EXPRESSION =
  /^(rate\((1 (minute|hour|day)|(?!1 )[1-9]\d* (minutes|hours|days))\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\((\S+ ){5}\S+\))$/;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; the provider's 0 keeps forever. */
const RETENTION_DAYS = [
  ...[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

const ROUTE_SETTINGS = (block: string) => ({
  [`${block}.throttling_rate_limit`]: atLeast(0),
  [`${block}.throttling_burst_limit`]: integer(0),
});

const INDEX = (block: string) => ({
  [`${block}.name`]: DYNAMODB_NAME,
  [`${block}.projection_type`]: oneOf("ALL", "KEYS_ONLY", "INCLUDE"),
  [`${block}.non_key_attributes`]: listOf(1, 20),
});

/**
 * What the Create and Put operations of AWS require of the attributes that the emulator reads, by resource type.
 * Rules between attributes or resources are in relations.ts, and those of policies in policies.ts.
 */
export const attributeRules: Readonly<Record<string, TypeRules>> = {
  aws_apigatewayv2_api: {
    page: `${V2}apis.html`,
    required: ["name", "protocol_type", "route_selection_expression"],
    attributes: {
      name: NAME_128,
      description: DESCRIPTION,
      protocol_type: {
        fits: (value) => value === "WEBSOCKET",
        allowed: "WEBSOCKET: the emulator does not play HTTP APIs",
      },
      route_selection_expression: {
        fits: (value) =>
          /^\$request\.body\.\S+$|^(\$\{request\.body\.[^}\s]+\}|[^$\s])+$|^\\?\$default$/.test(String(value)),
        allowed: "$request.body.PATH, a text with variables of the form {request.body.PATH} after a $, or a text",
      },
    },
  },
  aws_apigatewayv2_authorizer: {
    page: `${V2}apis-apiid-authorizers.html`,
    required: ["api_id", "name", "authorizer_type", "authorizer_uri"],
    attributes: {
      name: NAME_128,
      authorizer_type: {
        fits: (value) => value === "REQUEST",
        allowed: "REQUEST, the only type of authorizer that a WebSocket API has",
      },
      authorizer_uri: text([1, 2048], {
        pattern: /^arn:aws[a-z-]*:apigateway:.+\/invocations$/,
        shape: "a function's invoke_arn",
      }),
      authorizer_result_ttl_in_seconds: {
        fits: (value) => Number(value) === 0,
        allowed: "absent: AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis",
      },
      "identity_sources[]": {
        fits: (value) => /^(route\.request\.(querystring|header)|stageVariables|context)\.[\w.-]+$/.test(String(value)),
        allowed: "route.request.header.NAME, route.request.querystring.NAME, stageVariables.NAME or context.NAME",
      },
    },
    unique: [{ attributes: ["name", "api_id"] }],
  },
  aws_apigatewayv2_deployment: {
    page: `${V2}apis-apiid-deployments.html`,
    required: ["api_id"],
    attributes: { description: DESCRIPTION },
  },
  aws_apigatewayv2_integration: {
    page: `${V2}apis-apiid-integrations.html`,
    required: ["api_id", "integration_type"],
    attributes: {
      integration_type: oneOf("AWS_PROXY", "AWS", "HTTP_PROXY", "HTTP", "MOCK"),
      integration_uri: text([1, 2048]),
      integration_method: oneOf("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"),
      timeout_milliseconds: integer(50, 29_000),
      passthrough_behavior: oneOf("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
      description: DESCRIPTION,
      "request_templates.*": text([0, 32_768]),
      "request_parameters.*": text([1, 512]),
    },
  },
  aws_apigatewayv2_integration_response: {
    page: `${V2}apis-apiid-integrations-integrationid-integrationresponses.html`,
    required: ["api_id", "integration_id", "integration_response_key"],
    attributes: {
      integration_response_key: {
        fits: (value) => /^(\$default|\/.+\/)$/.test(String(value)),
        allowed: "$default, or a regular expression between slashes such as /400/",
      },
      "response_templates.*": text([0, 32_768]),
    },
    unique: [{ attributes: ["integration_response_key", "integration_id"] }],
  },
  aws_apigatewayv2_model: {
    page: `${V2}apis-apiid-models.html`,
    required: ["api_id", "name", "schema"],
    attributes: {
      name: text([1, 128], { pattern: /^[A-Za-z0-9]+$/, shape: "letters and digits" }),
      content_type: text([1, 256]),
      description: DESCRIPTION,
      schema: {
        ...json,
        fits: (value) => json.fits(value) && String(value).length <= 32_768,
        allowed: "a JSON Schema of at most 32,768 characters",
      },
    },
    unique: [{ attributes: ["name", "api_id"] }],
  },
  aws_apigatewayv2_route: {
    page: `${AWS}apigateway/latest/developerguide/websocket-api-develop-routes.html`,
    required: ["api_id", "route_key"],
    attributes: {
      route_key: {
        fits: (value) => /^(\$(connect|disconnect|default)|[^$].*)$/s.test(String(value)),
        allowed: "$connect, $disconnect, $default, or a key that does not begin with $",
      },
      target: text([1, 128], { pattern: /^integrations\/.+$/, shape: "integrations/ID" }),
      authorization_type: oneOf("NONE", "AWS_IAM", "CUSTOM"),
      route_response_selection_expression: oneOf("$default"),
      operation_name: text([1, 64]),
      "request_models.*": NAME_128,
    },
    // ConflictException: Route with key … already exists for this API.
    unique: [{ attributes: ["route_key", "api_id"] }],
  },
  aws_apigatewayv2_route_response: {
    page: `${AWS}apigateway/latest/developerguide/apigateway-websocket-api-route-response.html`,
    required: ["api_id", "route_id", "route_response_key"],
    attributes: {
      route_response_key: { ...oneOf("$default"), allowed: "$default, the only one that API Gateway allows" },
    },
    unique: [{ attributes: ["route_id"] }],
  },
  aws_apigatewayv2_stage: {
    page: `${V2}apis-apiid-stages.html`,
    required: ["api_id", "name"],
    attributes: {
      name: text([1, 128], { pattern: /^(\$default|[A-Za-z0-9_-]+)$/, shape: "letters, digits and -_" }),
      description: DESCRIPTION,
      ...ROUTE_SETTINGS("default_route_settings"),
      ...ROUTE_SETTINGS("route_settings"),
      "stage_variables.*": text([1, 512], {
        pattern: /^[A-Za-z0-9\-._~:/?#&=,]+$/,
        shape: "letters, digits and -._~:/?#&=,",
      }),
      "access_log_settings.destination_arn": text([1, 2048], {
        ...ARN,
        shape: "the ARN of a log group or a Firehose stream",
      }),
      "access_log_settings.format": text([1, 1024], {
        pattern: /\$context\.(requestId|extendedRequestId)\b/,
        shape: "$context.requestId or $context.extendedRequestId must be in it",
      }),
    },
    unique: [{ attributes: ["name", "api_id"] }],
  },
  aws_cloudwatch_log_group: {
    page: `${AWS}AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
    attributes: { name: LOG_GROUP, retention_in_days: oneOf(...RETENTION_DAYS) },
    unique: [{ attributes: ["name"] }],
  },
  aws_dynamodb_table: {
    page: `${AWS}amazondynamodb/latest/APIReference/API_CreateTable.html`,
    required: ["name", "hash_key"],
    attributes: {
      name: DYNAMODB_NAME,
      billing_mode: oneOf("PROVISIONED", "PAY_PER_REQUEST"),
      read_capacity: integer(0),
      write_capacity: integer(0),
      "attribute.name": text([1, 255]),
      "attribute.type": oneOf("S", "N", "B"),
      "ttl.attribute_name": text([0, 255]),
      global_secondary_index: { fits: (value) => [value].flat().length <= 20, allowed: "at most 20 indexes" },
      local_secondary_index: { fits: (value) => [value].flat().length <= 5, allowed: "at most 5 indexes" },
      ...INDEX("global_secondary_index"),
      ...INDEX("local_secondary_index"),
      "point_in_time_recovery.recovery_period_in_days": integer(1, 35),
    },
    unique: [{ attributes: ["name"] }],
  },
  aws_iam_policy: {
    page: `${AWS}IAM/latest/APIReference/API_CreatePolicy.html`,
    required: ["policy"],
    attributes: {
      name: text([1, 128], IAM_NAME),
      path: text([1, 512], { pattern: /^\/([\u0021-\u007e]+\/)?$/, shape: "a path that begins and ends with a slash" }),
      description: text([0, 1000]),
    },
    unique: [{ attributes: ["name"], ignoresCase: true }],
  },
  aws_iam_role: {
    page: `${AWS}IAM/latest/APIReference/API_CreateRole.html`,
    required: ["assume_role_policy"],
    attributes: {
      name: text([1, 64], IAM_NAME),
      description: text([0, 1000], {
        pattern: /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]*$/,
        shape: "characters of Latin-1",
      }),
      assume_role_policy: json,
      "inline_policy.name": text([1, 128], IAM_NAME),
    },
    unique: [{ attributes: ["name"], ignoresCase: true }],
  },
  aws_iam_role_policy: {
    page: `${AWS}IAM/latest/APIReference/API_PutRolePolicy.html`,
    required: ["role", "policy"],
    attributes: { name: text([1, 128], IAM_NAME) },
    unique: [{ attributes: ["name", "role"] }],
  },
  aws_iam_role_policy_attachment: {
    page: `${AWS}IAM/latest/APIReference/API_AttachRolePolicy.html`,
    required: ["role", "policy_arn"],
    attributes: { policy_arn: text([20, 2048], ARN) },
  },
  aws_kms_alias: {
    page: `${AWS}kms/latest/APIReference/API_CreateAlias.html`,
    required: ["target_key_id"],
    attributes: {
      name: text([7, 256], {
        pattern: /^alias\/(?!aws\/)[a-zA-Z0-9:/_-]+$/,
        shape: "alias/NAME of letters, digits and :/_-, not beginning with alias/aws/",
      }),
    },
    unique: [{ attributes: ["name"] }],
  },
  aws_kms_key: {
    page: `${AWS}kms/latest/APIReference/API_CreateKey.html`,
    attributes: { description: text([0, 8192]), deletion_window_in_days: integer(7, 30) },
  },
  aws_lambda_function: {
    page: `${AWS}lambda/latest/api/API_CreateFunction.html`,
    required: ["function_name", "role"],
    attributes: {
      function_name: text([1, 64], { pattern: /^[a-zA-Z0-9-_]+$/, shape: "letters, digits and -_" }),
      role: text([1, 2048], {
        pattern: /^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/[\w+=,.@\-/]+$/,
        shape: "the ARN of a role",
      }),
      handler: text([1, 128], { pattern: /^\S+$/, shape: "without white space" }),
      description: text([0, 256]),
      timeout: integer(1, 900),
      memory_size: integer(128, 10_240),
      package_type: oneOf("Zip", "Image"),
      "architectures[]": oneOf("x86_64", "arm64"),
      reserved_concurrent_executions: integer(-1),
      "dead_letter_config.target_arn": text([1, 2048], {
        pattern: /^arn:aws[a-zA-Z-]*:(sqs|sns|lambda):/,
        shape: "the ARN of a queue or a topic",
      }),
      "tracing_config.mode": oneOf("Active", "PassThrough"),
      "logging_config.log_format": oneOf("JSON", "Text"),
      "logging_config.application_log_level": oneOf("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
      "logging_config.system_log_level": oneOf("DEBUG", "INFO", "WARN"),
      "logging_config.log_group": LOG_GROUP,
    },
    // ResourceConflictException: Function already exist.
    unique: [{ attributes: ["function_name"] }],
  },
  aws_lambda_function_event_invoke_config: {
    page: `${AWS}lambda/latest/api/API_PutFunctionEventInvokeConfig.html`,
    required: ["function_name"],
    attributes: {
      maximum_retry_attempts: integer(0, 2),
      maximum_event_age_in_seconds: integer(60, 21_600),
      "destination_config.on_failure.destination": text([1, 350], {
        pattern: /^arn:aws[a-zA-Z-]*:(lambda|sqs|sns|events|s3):/,
        shape: "the ARN of a function, queue, topic, event bus or bucket",
      }),
      "destination_config.on_success.destination": text([1, 350], {
        pattern: /^arn:aws[a-zA-Z-]*:(lambda|sqs|sns|events):/,
        shape: "the ARN of a function, queue, topic or event bus",
      }),
    },
    unique: [{ attributes: ["function_name"] }],
  },
  aws_lambda_permission: {
    page: `${AWS}lambda/latest/api/API_AddPermission.html`,
    required: ["action", "function_name", "principal"],
    attributes: {
      statement_id: text([1, 100], { pattern: /^[a-zA-Z0-9-_]+$/, shape: "letters, digits and -_" }),
      action: text([1, 256], { pattern: /^(lambda:\*|lambda:[a-zA-Z]+|\*)$/, shape: "an action of lambda" }),
      principal: text([1, 256], { pattern: /^\S+$/, shape: "without white space" }),
      source_arn: text([1, 2048], {
        pattern: /^arn:aws[a-zA-Z0-9-]*:[a-zA-Z0-9-]+:([a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d|\*)?:(\d{12}|\*)?:.*$/,
        shape: "an ARN",
      }),
    },
    unique: [{ attributes: ["statement_id", "function_name"] }],
  },
  aws_scheduler_schedule: {
    page: `${AWS}scheduler/latest/APIReference/API_CreateSchedule.html`,
    required: ["schedule_expression", "flexible_time_window.mode", "target.arn", "target.role_arn"],
    attributes: {
      name: SCHEDULER_NAME,
      group_name: SCHEDULER_NAME,
      description: text([0, 512]),
      schedule_expression: text([1, 256], {
        pattern: SCHEDULE_EXPRESSION,
        shape: "such as rate(5 minutes), cron(0 12 * * ? *) or at(2030-01-01T00:00:00)",
      }),
      state: oneOf("ENABLED", "DISABLED"),
      "flexible_time_window.mode": oneOf("OFF", "FLEXIBLE"),
      "flexible_time_window.maximum_window_in_minutes": integer(1, 1440),
      "target.arn": text([1, 1600], ARN),
      "target.role_arn": text([1, 1600], {
        pattern: /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        shape: "the ARN of a role",
      }),
      "target.retry_policy.maximum_event_age_in_seconds": integer(60, 86_400),
      "target.retry_policy.maximum_retry_attempts": integer(0, 185),
      "target.dead_letter_config.arn": text([1, 1600], {
        pattern: /^arn:aws(-[a-z]+)*:sqs:/,
        shape: "the ARN of a queue",
      }),
    },
    unique: [{ attributes: ["name", "group_name"] }],
  },
  aws_scheduler_schedule_group: {
    page: `${AWS}scheduler/latest/APIReference/API_CreateScheduleGroup.html`,
    attributes: { name: SCHEDULER_NAME },
    unique: [{ attributes: ["name"] }],
  },
  aws_secretsmanager_secret: {
    page: `${AWS}secretsmanager/latest/apireference/API_CreateSecret.html`,
    attributes: {
      name: text([1, 512], { pattern: /^[A-Za-z0-9/_+=.@-]+$/, shape: "letters, digits and /_+=.@-" }),
      description: text([0, 2048]),
      recovery_window_in_days: oneOf(0, ...Array.from({ length: 24 }, (_, index) => index + 7)),
    },
    unique: [{ attributes: ["name"] }],
  },
  aws_sqs_queue: {
    page: `${AWS}AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html`,
    attributes: {
      name: text([1, 80], { pattern: /^[A-Za-z0-9_-]+$/, shape: "letters, digits and -_" }),
      message_retention_seconds: integer(60, 1_209_600),
      visibility_timeout_seconds: integer(0, 43_200),
      receive_wait_time_seconds: integer(0, 20),
    },
    unique: [{ attributes: ["name"] }],
  },
};
