type Attributes = Readonly<Record<string, unknown>>;

/** The parts of a stack that policies check. */
export interface PolicedStack {
  readonly provider?: { readonly aws: readonly Attributes[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

/** Returns the addresses of violations. */
type Policy = (stack: PolicedStack) => string[];

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

type Placed = [place: string, attributes: Attributes];

const all = ({ resource }: PolicedStack, type: string): Placed[] =>
  Object.entries(resource[type] ?? {}).map(([id, attributes]) => [`${type}.${id}`, attributes]);

/** Returns the addresses of resources of a type that are not right. */
const violatedUnless =
  (type: string, isRight: (attributes: Attributes, stack: PolicedStack) => boolean): Policy =>
  (stack) =>
    all(stack, type)
      .filter(([, attributes]) => !isRight(attributes, stack))
      .map(([place]) => place);

const isOn = (block: unknown): boolean => (block as { enabled?: boolean } | undefined)?.enabled === true;

const statementsOf = ({ policy }: Attributes): Statement[] => JSON.parse(String(policy)).Statement;

/** The statements that allow something, of all policies. */
const allowing = (stack: PolicedStack): [place: string, Statement][] =>
  Object.keys(stack.resource)
    .flatMap((type) => all(stack, type))
    .filter(([, { policy }]) => policy !== undefined)
    .flatMap(([place, attributes]) =>
      statementsOf(attributes).map((statement): [string, Statement] => [place, statement]),
    )
    .filter(([, { Effect }]) => Effect === "Allow");

/** X-Ray does not support resource-level permissions. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
const hasNoResources = (action: string): boolean => action.startsWith("xray:Put");

function isWide({ Action, Resource }: Statement): boolean {
  const actions = [Action].flat();
  if (actions.some((action) => action.includes("*"))) return true;
  return [Resource].flat().includes("*") && !actions.every(hasNoResources);
}

/** Resources that a setting can remove or replace while a route, stage, mapping, domain, secret or alarm refers to them. */
const REMOVABLE = [
  "aws_acm_certificate",
  "aws_apigatewayv2_authorizer",
  "aws_apigatewayv2_stage",
  "aws_cloudwatch_log_group",
  "aws_kms_key",
  "aws_lambda_permission",
  "aws_sns_topic",
];

/** Resources of the function of a route or worker, which are removed together with everything that refers to them. */
const PERMANENT =
  /^aws_(cloudwatch_log_group|lambda_permission)\.(?!access-log$|authorize$)|^aws_cloudwatch_log_group\.authorize$/;

const ACCOUNT = "aws_api_gateway_account";

const ACTORS = ["aws_lambda_function", ACCOUNT, "aws_scheduler_schedule"];

/** The resource that uses a role. API Gateway's account uses it in each region, so the first region counts. */
const actors = (stack: PolicedStack, role: string): string[] =>
  ACTORS.flatMap((type) => all(stack, type))
    .filter(([, { role: own, cloudwatch_role_arn, target }]) =>
      [own, cloudwatch_role_arn, (target as Attributes | undefined)?.role_arn].includes(`\${${role}.arn}`),
    )
    .map(([place]) => place)
    .filter((place, index, all) => !(index > 0 && [place, all[0]].every((each) => each?.startsWith(ACCOUNT))));

/** Functions that are invoked asynchronously, which is the purpose of all grants to invoke. */
const invoked = (stack: PolicedStack): string[] =>
  allowing(stack)
    .filter(([, { Action }]) => [Action].flat().includes("lambda:InvokeFunction"))
    .flatMap(([, { Resource }]) => [Resource].flat())
    .map((arn) => arn.replace(/^\$\{(.*)\.arn\}$/, "$1"));

const hasFailureDestination = (stack: PolicedStack, lambda: string): boolean =>
  all(stack, "aws_lambda_function_event_invoke_config").some(([, { function_name, destination_config }]) => {
    const { on_failure } = (destination_config ?? {}) as { on_failure?: { destination?: string } };
    return function_name === `\${${lambda}.function_name}` && on_failure?.destination !== undefined;
  });

/** A bucket whose objects come from the sources needs no versions of them. */
const needs = ({ force_destroy }: Attributes, [type]: readonly [type: string, part: string]): boolean =>
  type !== "versioning" || force_destroy !== true;

/** Whether a bucket has a resource of a type with the required part. */
function bucketHas(stack: PolicedStack, bucket: string, [type, part]: [type: string, part: string]): boolean {
  const own = all(stack, `aws_s3_bucket_${type}`).find(([, attributes]) => attributes.bucket === `\${${bucket}.id}`);
  return JSON.stringify(own?.[1] ?? {}).includes(part);
}

const PRIVATE: readonly [type: string, part: string][] = [
  ["ownership_controls", '"BucketOwnerEnforced"'],
  ["policy", "aws:SecureTransport"],
  ["server_side_encryption_configuration", '"sse_algorithm"'],
  ["versioning", '"Enabled"'],
  ...["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].map(
    (flag): [string, string] => ["public_access_block", `"${flag}":true`],
  ),
];

/** The policies for all stacks, with any settings. */
export const policies: Readonly<Record<string, Policy>> = {
  "every log group has a retention": violatedUnless(
    "aws_cloudwatch_log_group",
    (group) => Number(group.retention_in_days) > 0,
  ),
  "every table is encrypted and has point-in-time recovery": violatedUnless(
    "aws_dynamodb_table",
    (table) => isOn(table.server_side_encryption) && isOn(table.point_in_time_recovery),
  ),
  "every queue is encrypted": violatedUnless("aws_sqs_queue", (queue) => queue.sqs_managed_sse_enabled === true),
  "every role belongs to one function, one schedule, or API Gateway's logs": (stack) =>
    all(stack, "aws_iam_role")
      .map(([role]) => role)
      .filter((role) => actors(stack, role).length !== 1),
  "no statement allows all actions or all resources": (stack) =>
    allowing(stack)
      .filter(([, statement]) => isWide(statement))
      .map(([place]) => place),
  "a resource that a setting removes is deleted after the references to it": (stack) =>
    REMOVABLE.flatMap((type) => all(stack, type))
      .filter(
        ([place, { lifecycle }]) =>
          !PERMANENT.test(place) && (lifecycle as Attributes | undefined)?.create_before_destroy !== true,
      )
      .map(([place]) => place),
  "no role has a managed policy, except for API Gateway's logs": violatedUnless(
    "aws_iam_role_policy_attachment",
    ({ policy_arn }) => String(policy_arn).endsWith("/AmazonAPIGatewayPushToCloudWatchLogs"),
  ),
  "Terraform sets no value of a secret": violatedUnless("aws_secretsmanager_secret_version", () => false),
  "every key is rotated by AWS": violatedUnless("aws_kms_key", (key) => key.enable_key_rotation === true),
  "every permission to invoke names its source": violatedUnless(
    "aws_lambda_permission",
    ({ source_arn }) => source_arn !== undefined && source_arn !== "*",
  ),
  "every function that is invoked asynchronously has a destination for failures": (stack) =>
    invoked(stack).filter((lambda) => !hasFailureDestination(stack, lambda)),
  "every alarm has an action if there is a topic": violatedUnless(
    "aws_cloudwatch_metric_alarm",
    ({ alarm_actions }, stack) => all(stack, "aws_sns_topic").length === 0 || [alarm_actions ?? []].flat().length > 0,
  ),
  "all resources have the project's tag": ({ provider }) =>
    (provider?.aws ?? [{}]).some((aws) => !/"tags":\{[^}]*"project":"/.test(JSON.stringify(aws)))
      ? ["provider.aws"]
      : [],
  "every bucket is private, encrypted, versioned unless its objects come from the sources, and requires TLS": (stack) =>
    all(stack, "aws_s3_bucket")
      .filter(
        ([bucket, attributes]) =>
          !PRIVATE.every((requirement) => !needs(attributes, requirement) || bucketHas(stack, bucket, requirement)),
      )
      .map(([bucket]) => bucket),
  "every bucket that a service reads is read for one distribution only": (stack) =>
    all(stack, "aws_s3_bucket_policy")
      .filter(([, policy]) =>
        statementsOf(policy)
          .filter(({ Effect }) => Effect === "Allow")
          .some(
            (statement) =>
              !/"StringEquals":\{"aws:SourceArn":"\$\{aws_cloudfront_distribution\./.test(JSON.stringify(statement)),
          ),
      )
      .map(([place]) => place),
  "every distribution has security headers, requires HTTPS, and signs its requests to the bucket": violatedUnless(
    "aws_cloudfront_distribution",
    ({ origin, default_cache_behavior }) => {
      const { response_headers_policy_id, viewer_protocol_policy } = (default_cache_behavior ?? {}) as Attributes;
      const origins = (origin ?? [{}]) as readonly Attributes[];
      const isSigned = origins.every(({ origin_access_control_id }) => origin_access_control_id !== undefined);
      return isSigned && response_headers_policy_id !== undefined && viewer_protocol_policy === "redirect-to-https";
    },
  ),
};
