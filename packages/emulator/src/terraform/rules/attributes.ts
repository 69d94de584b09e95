import { apiGatewayRules } from "./api-gateway-attributes.ts";
import { ARN, bool, integer, json, listOf, oneOf, type TypeRules, text } from "./constraints.ts";
import { eventBridgeRules } from "./event-bridge-attributes.ts";

const AWS = "https://docs.aws.amazon.com/";
const IAM_NAME = { pattern: /^[\w+=,.@-]+$/, shape: "letters, digits and +=,.@_-" };
const LOG_GROUP = text([1, 512], {
  pattern: /^(?!aws\/)[.\-_/#A-Za-z0-9]+$/,
  shape: 'letters, digits and .-_/#, not beginning with "aws/"',
});
const DYNAMODB_NAME = text([3, 255], { pattern: /^[A-Za-z0-9_.-]+$/, shape: "letters, digits and _.-" });

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; with 0, the provider keeps logs forever. */
const RETENTION_DAYS = [
  ...[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

/** Lambda does not create functions with Node.js 14 or older. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const NODE_RUNTIMES = [16, 18, 20, 22, 24].map((version) => `nodejs${version}.x`);

const INDEX = (block: string) => ({
  [`${block}.name`]: DYNAMODB_NAME,
  [`${block}.projection_type`]: oneOf("ALL", "KEYS_ONLY", "INCLUDE"),
  [`${block}.non_key_attributes`]: listOf(0, 20),
});

/**
 * The rules of AWS's Create and Put operations for the attributes of each resource type.
 * Rules about several attributes or resources are in relations.ts, and rules of policies in policies.ts.
 */
export const attributeRules: Readonly<Record<string, TypeRules>> = {
  ...apiGatewayRules,
  ...eventBridgeRules,
  aws_cloudwatch_log_group: {
    page: `${AWS}AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
    attributes: { name: LOG_GROUP, retention_in_days: oneOf(...RETENTION_DAYS) },
    unique: [{ attributes: ["name"] }],
  },
  aws_dynamodb_table: {
    page: `${AWS}amazondynamodb/latest/APIReference/API_CreateTable.html`,
    required: ["name", "hash_key"],
    requiredInBlocks: ["attribute.name", "attribute.type", "point_in_time_recovery.enabled"],
    attributes: {
      "ttl.enabled": bool,
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
    requiredInBlocks: ["logging_config.log_format", "tracing_config.mode", "dead_letter_config.target_arn"],
    attributes: {
      function_name: text([1, 64], { pattern: /^[a-zA-Z0-9-_]+$/, shape: "letters, digits and -_" }),
      role: text([1, 2048], {
        pattern: /^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/[\w+=,.@\-/]+$/,
        shape: "the ARN of a role",
      }),
      handler: text([1, 128], { pattern: /^\S+$/, shape: "no white space" }),
      description: text([0, 256]),
      timeout: integer(1, 900),
      memory_size: integer(128, 10_240),
      package_type: oneOf("Zip", "Image"),
      runtime: {
        // functions.ts rejects the runtimes of other languages.
        fits: (value) => !/^nodejs/.test(String(value)) || NODE_RUNTIMES.includes(String(value)),
        allowed: `one of ${NODE_RUNTIMES.join(", ")}`,
      },
      architectures: listOf(1, 1),
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
    requiredInBlocks: ["destination_config.on_failure.destination", "destination_config.on_success.destination"],
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
  aws_lambda_function_url: {
    page: `${AWS}lambda/latest/api/API_CreateFunctionUrlConfig.html`,
    required: ["authorization_type", "function_name"],
    attributes: { authorization_type: oneOf("AWS_IAM", "NONE"), invoke_mode: oneOf("BUFFERED", "RESPONSE_STREAM") },
    unique: [{ attributes: ["function_name", "qualifier"] }],
  },
  aws_lambda_permission: {
    page: `${AWS}lambda/latest/api/API_AddPermission.html`,
    required: ["action", "function_name", "principal"],
    attributes: {
      statement_id: text([1, 100], { pattern: /^[a-zA-Z0-9-_]+$/, shape: "letters, digits and -_" }),
      action: text([1, 256], { pattern: /^(lambda:\*|lambda:[a-zA-Z]+|\*)$/, shape: "an action of lambda" }),
      principal: text([1, 256], { pattern: /^\S+$/, shape: "no white space" }),
      source_arn: text([1, 2048], {
        pattern: /^arn:aws[a-zA-Z0-9-]*:[a-zA-Z0-9-]+:((eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d)?:(\d{12})?:.*$/,
        shape: "an ARN, without wildcards in its region and account",
      }),
    },
    unique: [{ attributes: ["statement_id", "function_name"] }],
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
