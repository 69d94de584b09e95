/**
 * Resource types, data sources, and attributes in the form `type.attribute`, without effect on one machine. The emulator
 * lists them at the start and ignores them. A name that ends with `*` stands for all names that begin with it.
 */
const NOT_PLAYED: readonly string[] = [
  // The terminal shows logs and metrics.
  ...["aws_cloudwatch_dashboard", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"],
  ...["aws_cloudwatch_log_metric_filter", "aws_cloudwatch_log_resource_policy", "aws_cloudwatch_log_stream"],
  ...["aws_sns_topic", "aws_sns_topic_policy", "aws_sns_topic_subscription", "aws_budgets_*", "aws_oam_*"],
  // The access log needs no permission. REST APIs are other APIs.
  "aws_api_gateway_*",
  // The emulator records no traces, and streams have no readers.
  ...["aws_lambda_function.tracing_config", "aws_lambda_function.snap_start", "aws_xray_*"],
  ...["aws_dynamodb_table.stream_enabled", "aws_dynamodb_table.stream_view_type"],
  ...["aws_appautoscaling_*", "aws_dynamodb_contributor_insights", "aws_lambda_provisioned_concurrency_config"],
  // The address of this machine replaces a custom domain.
  ...["aws_acm_certificate", "aws_acm_certificate_validation", "aws_apigatewayv2_api_mapping"],
  ...["aws_apigatewayv2_domain_name", "aws_route53_*"],
  // A website's files, with their bucket and their distribution. The emulator plays the API that a website connects to.
  ...["aws_cloudfront_*", "aws_s3_*", "aws_s3control_*", "aws_waf*", "aws_shield_*"],
  // Pipelines, images and networks. Functions in a network are refused.
  ...["aws_cloudtrail*", "aws_codebuild_*", "aws_codepipeline*", "aws_ecr_*", "aws_iam_openid_connect_provider"],
  ...["aws_vpc*", "aws_subnet*", "aws_security_group*", "aws_internet_gateway", "aws_nat_gateway", "aws_route_table*"],
  ...["aws_route", "aws_eip", "aws_default_*", "aws_network_*"],
  // A function that reads these at run time fails, because it cannot connect to AWS.
  ...["aws_ssm_parameter", "aws_kms_key_policy", "aws_secretsmanager_secret_policy", "aws_resourcegroups_*"],
  ...[
    "aws_servicecatalog*",
    "aws_iam_service_linked_role",
    "aws_iam_role_policies_exclusive",
    "aws_lambda_code_signing_config",
  ],
];

const EXACT = new Set(NOT_PLAYED.filter((name) => !name.endsWith("*")));
const PREFIXES = NOT_PLAYED.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));

/** Whether a resource type or a data source has no effect on one machine. Only AWS has resources that are played. */
export const isNotPlayed = (type: string): boolean =>
  EXACT.has(type) || PREFIXES.some((prefix) => type.startsWith(prefix)) || !type.startsWith("aws_");

export const isNotPlayedAttribute = (type: string, attribute: string): boolean => EXACT.has(`${type}.${attribute}`);
