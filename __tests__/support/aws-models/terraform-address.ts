import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Call, isRecord, type Parameters } from "./call.ts";

/** The type of the resource that makes an operation's calls, by the operation's name without its verb. */
const TYPES: readonly (readonly [operation: RegExp, type: string])[] = [
  [/^lambda\.(Create|Update)Function(Code|Configuration)?$/, "aws_lambda_function"],
  [/^lambda\.AddPermission$/, "aws_lambda_permission"],
  [/^lambda\.\w+EventInvokeConfig$/, "aws_lambda_function_event_invoke_config"],
  [/^lambda\.\w+EventSourceMapping$/, "aws_lambda_event_source_mapping"],
  [/^iam\.\w*RolePolicy$/, "aws_iam_role_policy"],
  [/^iam\.\w*(Role|AssumeRolePolicy|RoleDescription)$/, "aws_iam_role"],
  [/^iam\.\w+Policy(Version)?$/, "aws_iam_policy"],
  [/^apigatewayv2\.\w+Api$/, "aws_apigatewayv2_api"],
  [/^apigatewayv2\.\w+RouteResponse$/, "aws_apigatewayv2_route_response"],
  [/^apigatewayv2\.\w+Route$/, "aws_apigatewayv2_route"],
  [/^apigatewayv2\.\w+Integration$/, "aws_apigatewayv2_integration"],
  [/^apigatewayv2\.\w+Authorizer$/, "aws_apigatewayv2_authorizer"],
  [/^apigatewayv2\.\w+(Stage|AccessLogSettings|RouteSettings)$/, "aws_apigatewayv2_stage"],
  [/^apigatewayv2\.\w+Deployment$/, "aws_apigatewayv2_deployment"],
  [/^apigatewayv2\.\w+ApiMapping$/, "aws_apigatewayv2_api_mapping"],
  [/^apigatewayv2\.\w+DomainName$/, "aws_apigatewayv2_domain_name"],
  [/^dynamodb\./, "aws_dynamodb_table"],
  [/^logs\.\w+(LogGroup|RetentionPolicy)$/, "aws_cloudwatch_log_group"],
  [/^cloudwatch\.PutMetricAlarm$/, "aws_cloudwatch_metric_alarm"],
  [/^cloudwatch\.PutDashboard$/, "aws_cloudwatch_dashboard"],
  [/^sqs\.CreateQueue$/, "aws_sqs_queue"],
  [/^sns\.Subscribe$/, "aws_sns_topic_subscription"],
  [/^sns\./, "aws_sns_topic"],
  [/^kms\.\w+Alias$/, "aws_kms_alias"],
  [/^kms\./, "aws_kms_key"],
  [/^secretsmanager\.PutResourcePolicy$/, "aws_secretsmanager_secret_policy"],
  [/^secretsmanager\./, "aws_secretsmanager_secret"],
  [/^scheduler\.\w+Schedule$/, "aws_scheduler_schedule"],
  [/^scheduler\.\w+ScheduleGroup$/, "aws_scheduler_schedule_group"],
  [/^cognito-idp\.\w+UserPoolClient$/, "aws_cognito_user_pool_client"],
  [/^cognito-idp\.\w+UserPool$/, "aws_cognito_user_pool"],
  [/^acm\./, "aws_acm_certificate"],
  [/^route53\.ChangeResourceRecordSets$/, "aws_route53_record"],
  [/^s3\.PutBucketPolicy$/, "aws_s3_bucket_policy"],
  [/^s3\.PutBucketLifecycleConfiguration$/, "aws_s3_bucket_lifecycle_configuration"],
  [/^s3\.CreateBucket$/, "aws_s3_bucket"],
];

type Resources = Readonly<Record<string, Readonly<Record<string, Parameters>>>>;

const UNKNOWN = "address unknown";

/**
 * The Terraform address of the resource that makes a call: of the type that makes such calls, the one whose arguments
 * have the most texts in common with the call's.
 */
export function terraformAddress({ service, operation, parameters }: Call, folder: string | undefined): string {
  const [, type] = TYPES.find(([of]) => of.test(`${service}.${operation}`)) ?? [];
  const files = folder === undefined ? [] : stackFiles(folder);
  if (type === undefined) return UNKNOWN;
  const sent = new Set(textsIn(parameters));
  const ranked = files
    .map((file) => (JSON.parse(readFileSync(file, "utf8")) as { resource?: Resources }).resource ?? {})
    .flatMap((resources) =>
      Object.entries(resources[type] ?? {}).map(([name, resource]) => ({
        address: `${type}.${name}`,
        score: textsIn(resource).filter((text) => sent.has(resolved(text, resources))).length,
      })),
    )
    .sort((one, other) => other.score - one.score);
  const [best, second] = ranked;
  return best && best.score > 0 && best.score > (second?.score ?? 0) ? best.address : `${type}, ${UNKNOWN}`;
}

/** A stack's own folder, or those of a project. */
function stackFiles(folder: string): string[] {
  const own = join(folder, "cdk.tf.json");
  if (existsSync(own)) return [own];
  const stacks = join(folder, "cdktf.out", "stacks");
  if (!existsSync(stacks)) return [];
  return readdirSync(stacks)
    .map((stack) => join(stacks, stack, "cdk.tf.json"))
    .filter((file) => existsSync(file));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return isRecord(value) || Array.isArray(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** The argument that a reference such as `${aws_iam_role.connect.name}` names, where it is a plain text. */
function resolved(text: string, resources: Resources): string {
  const [, type = "", name = "", argument = ""] = /^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/.exec(text) ?? [];
  const value = resources[type]?.[name]?.[argument];
  return typeof value === "string" ? value : text;
}
