import type { PricesAtRest } from "./cost.ts";

/**
 * AWS list prices in US dollars, without free tiers. Sources:
 * - https://aws.amazon.com/cloudfront/pricing/
 * - https://aws.amazon.com/cloudwatch/pricing/
 * - https://aws.amazon.com/eventbridge/pricing/
 * - https://aws.amazon.com/kms/pricing/
 * - https://aws.amazon.com/secrets-manager/pricing/
 * - https://aws.amazon.com/route53/pricing/
 */
export const prices = {
  date: "2026-09-22",
  region: "us-east-1",
  dollarsPerMonth: {
    aws_cloudwatch_composite_alarm: 0.5,
    aws_cloudwatch_dashboard: 3.0,
    aws_cloudwatch_metric_alarm: 0.1,
    aws_kms_key: 1.0,
    aws_route53_zone: 0.5,
    aws_secretsmanager_secret: 0.4,
  },
  dollarsPerHighResolutionAlarm: 0.3,
  dollarsPerMillionEvents: 1.0,
  paidByUse: [
    "aws_acm_",
    "aws_api_gateway_account",
    "aws_apigatewayv2_",
    "aws_cloudfront_",
    "aws_cloudwatch_event_",
    "aws_cloudwatch_log_",
    "aws_cognito_",
    "aws_dynamodb_table",
    "aws_iam_",
    "aws_kms_alias",
    "aws_lambda_",
    "aws_route53_record",
    "aws_s3_",
    "aws_scheduler_",
    "aws_secretsmanager_secret_",
    "aws_sns_",
    "aws_sqs_",
    "aws_ssm_parameter",
  ],
} satisfies PricesAtRest;
