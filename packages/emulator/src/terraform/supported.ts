import type { Attributes, Value } from "./configuration.ts";

interface Support {
  readonly plays: string;
  /** Attributes that have no effect on one machine. */
  readonly ignores?: string;
  /** The only supported value of attributes that are neither played nor ignored: it changes nothing. */
  readonly only?: Readonly<Record<string, string | number | boolean>>;
  /** What to do about an attribute that is not supported; empty if it comes only with another one that is refused. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** The supported attributes of each resource type. */
const SUPPORTED: Readonly<Record<string, Support>> = {
  aws_apigatewayv2_api: {
    plays: "name protocol_type route_selection_expression disable_execute_api_endpoint",
    ignores: "description fail_on_warnings version",
    only: { api_key_selection_expression: "$request.header.x-api-key", ip_address_type: "ipv4" },
  },
  aws_apigatewayv2_authorizer: {
    plays:
      "api_id name authorizer_type authorizer_uri authorizer_credentials_arn identity_sources authorizer_result_ttl_in_seconds",
  },
  aws_apigatewayv2_deployment: { plays: "api_id", ignores: "description triggers" },
  aws_apigatewayv2_integration: {
    plays:
      "api_id integration_type integration_uri integration_method credentials_arn timeout_milliseconds request_parameters request_templates template_selection_expression passthrough_behavior",
    ignores: "description",
    // CONVERT_TO_TEXT changes only binary messages, which WebSocket APIs reject (rule LM-05 in
    // docs/api-gateway-rules.md).
    only: {
      connection_type: "INTERNET",
      payload_format_version: "1.0",
      content_handling_strategy: "CONVERT_TO_TEXT",
    },
  },
  aws_apigatewayv2_integration_response: {
    plays: "api_id integration_id integration_response_key response_templates template_selection_expression",
  },
  aws_apigatewayv2_model: { plays: "api_id name schema", ignores: "content_type description" },
  aws_apigatewayv2_route: {
    plays:
      "api_id route_key target route_response_selection_expression authorization_type authorizer_id model_selection_expression request_models",
    ignores: "operation_name",
    only: { api_key_required: false },
  },
  aws_apigatewayv2_route_response: { plays: "api_id route_id route_response_key" },
  aws_apigatewayv2_stage: {
    plays:
      "api_id name auto_deploy deployment_id stage_variables default_route_settings route_settings access_log_settings",
    ignores: "description",
  },
  aws_cloudwatch_event_bus: { plays: "name", ignores: "description kms_key_identifier" },
  aws_cloudwatch_event_rule: {
    plays: "name name_prefix event_bus_name event_pattern state is_enabled",
    ignores: "description force_destroy",
    instead: {
      schedule_expression: "Use an aws_scheduler_schedule with a rate.",
      role_arn: "Grant the invocation with an aws_lambda_permission.",
    },
  },
  aws_cloudwatch_event_target: {
    plays: "rule event_bus_name arn dead_letter_config",
    // A function accepts every event. It is Lambda that retries.
    ignores: "target_id retry_policy force_destroy",
    instead: { role_arn: "Grant the invocation with an aws_lambda_permission." },
  },
  aws_cloudwatch_log_group: {
    plays: "name name_prefix",
    ignores: "retention_in_days kms_key_id log_group_class skip_destroy",
  },
  aws_dynamodb_table: {
    plays: "name hash_key range_key attribute ttl global_secondary_index local_secondary_index",
    ignores:
      "billing_mode read_capacity write_capacity server_side_encryption point_in_time_recovery deletion_protection_enabled table_class",
  },
  aws_iam_policy: { plays: "name name_prefix policy path", ignores: "description" },
  aws_iam_policy_attachment: { plays: "policy_arn roles", ignores: "name users groups" },
  aws_iam_role: {
    plays: "name name_prefix path inline_policy managed_policy_arns",
    ignores: "assume_role_policy description force_detach_policies max_session_duration",
  },
  aws_iam_role_policy: { plays: "role policy", ignores: "name name_prefix" },
  aws_iam_role_policy_attachments_exclusive: { plays: "role_name policy_arns" },
  aws_iam_role_policy_attachment: { plays: "role policy_arn" },
  aws_kms_alias: { plays: "", ignores: "name target_key_id" },
  aws_kms_key: { plays: "", ignores: "description enable_key_rotation deletion_window_in_days" },
  aws_lambda_alias: { plays: "name function_name function_version", ignores: "description" },
  aws_lambda_function: {
    plays:
      "function_name s3_bucket s3_key role runtime handler filename memory_size timeout environment logging_config reserved_concurrent_executions dead_letter_config",
    ignores: "architectures source_code_hash description ephemeral_storage skip_destroy publish s3_object_version",
    instead: {
      // The image_uri is refused.
      image_config: "",
      package_type: "",
      image_uri: "The emulator does not run containers. Deploy the function as a zip archive.",
      layers: "Put the files of the layers into the archive of the function.",
      vpc_config: "Remove it for local runs, for example with a dynamic block that depends on a variable.",
    },
  },
  aws_lambda_function_event_invoke_config: {
    plays: "function_name maximum_retry_attempts maximum_event_age_in_seconds destination_config",
  },
  aws_lambda_function_url: {
    plays: "function_name authorization_type",
    only: { invoke_mode: "BUFFERED" },
    instead: {
      cors: "Return the headers from the function.",
      qualifier: "Remove it: the emulator runs the same code for all versions and aliases.",
    },
  },
  aws_lambda_permission: {
    plays: "function_name action principal source_arn",
    ignores: "statement_id statement_id_prefix qualifier source_account",
  },
  aws_scheduler_schedule: {
    plays: "name group_name schedule_expression target state",
    ignores: "description flexible_time_window kms_key_arn",
  },
  aws_scheduler_schedule_group: { plays: "name" },
  aws_secretsmanager_secret: { plays: "name name_prefix kms_key_id description", ignores: "recovery_window_in_days" },
  aws_sqs_queue: {
    plays: "name name_prefix",
    ignores:
      "message_retention_seconds visibility_timeout_seconds receive_wait_time_seconds sqs_managed_sse_enabled kms_master_key_id max_message_size",
    only: { fifo_queue: false, delay_seconds: 0 },
  },
};

/** Allowed on every resource, because only Terraform uses them. */
const ON_EVERY_RESOURCE = ["tags", "tags_all", "depends_on", "lifecycle"];

export const isSupported = (type: string): boolean => Object.hasOwn(SUPPORTED, type);

/** What it means that the emulator does not support a resource type. */
const MEANINGS: Readonly<Record<string, string>> = {
  aws_cognito_user_pool: "Functions could not verify its tokens.",
  aws_lambda_event_source_mapping: "It invokes no function for messages of a queue or a stream.",
  aws_lambda_layer_version: "Put the files of the layer into the archives of the functions,",
  aws_lambda_invocation: "It does not invoke functions at the start.",
};

/** A sentence about a resource of a type that is not supported. */
export function unsupportedResource(type: string, address: string): string {
  const meaning = MEANINGS[type] ?? "It does not know whether the API works without it.";
  const remedy = meaning.endsWith(",") ? `or remove ${address} for local runs` : `Remove ${address} for local runs`;
  return `The emulator does not support the resource type ${type}. ${meaning} ${remedy}, for example with a count that depends on a variable.`;
}

/** Whether the emulator supports at least one value of an attribute. */
export const hasSupport = (type: string, attribute: string): boolean => {
  const { plays, ignores = "", only = {} } = SUPPORTED[type] ?? { plays: "" };
  return (
    [...plays.split(" "), ...ignores.split(" "), ...ON_EVERY_RESOURCE].includes(attribute) ||
    Object.hasOwn(only, attribute)
  );
};

/** A sentence for each attribute that the emulator would otherwise ignore silently. `attributes` are resolved. */
export function unsupportedAttributes(type: string, address: string, attributes: Attributes): string[] {
  const support = SUPPORTED[type];
  if (!support) return [];
  return Object.entries(attributes).flatMap((attribute) => unsupportedAttribute(attribute, address, support));
}

/** An empty list is a block that is absent. */
function unsupportedAttribute([name, value]: [string, Value], address: string, support: Support): string[] {
  const { plays, ignores = "", only = {}, instead = {} } = support;
  const known = [...plays.split(" "), ...ignores.split(" "), ...ON_EVERY_RESOURCE];
  if (known.includes(name) || value === null || (Array.isArray(value) && value.length === 0)) return [];
  if (instead[name] === "") return [];
  const what = `"${name}" of ${address}`;
  const remedy = ` ${instead[name] ?? "Remove it for local runs."}`;
  if (!Object.hasOwn(only, name)) return [`The emulator does not support ${what}.${remedy}`];
  if (String(value) === String(only[name])) return [];
  return [
    `The emulator does not support ${JSON.stringify(value)} as ${what}. It supports only ${only[name]}. Remove the attribute, or set it to that value.`,
  ];
}

/** Whether an attribute may hold an expression that the emulator cannot resolve, because it has no effect locally. */
export const hasNoEffect = (type: string, attribute: string): boolean =>
  [...(SUPPORTED[type]?.ignores?.split(" ") ?? []), ...ON_EVERY_RESOURCE].includes(attribute);
