import type { Attributes, DeployedStack } from "./as-deployed.ts";

/* What AWS documents about lengths, characters and counts, for the resources that the stack has. */

/** By type and attribute, from AWS's service models, https://github.com/boto/botocore, and the pages of the services. */
const TEXTS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  aws_acm_certificate: { domain_name: /^[a-z0-9.-]{1,64}$/ },
  aws_apigatewayv2_api: { name: /^.{1,128}$/ },
  aws_apigatewayv2_authorizer: { name: /^.{1,128}$/, authorizer_uri: /^.{1,2048}$/ },
  aws_apigatewayv2_domain_name: { domain_name: /^.{1,512}$/ },
  aws_apigatewayv2_integration: { integration_uri: /^.{1,2048}$/ },
  aws_apigatewayv2_route: { route_key: /^.{1,512}$/, target: /^.{1,128}$/ },
  aws_apigatewayv2_stage: { name: /^[A-Za-z0-9_-]{1,128}$/ },
  aws_cloudfront_distribution: { comment: /^.{0,128}$/ },
  aws_cloudfront_origin_access_control: { name: /^.{1,64}$/ },
  aws_cloudfront_response_headers_policy: { name: /^[\w-]{1,128}$/ },
  aws_cloudwatch_dashboard: { dashboard_name: /^[A-Za-z0-9_-]{1,255}$/ },
  aws_cloudwatch_log_group: { name: /^[.\-_/#A-Za-z0-9]{1,512}$/ },
  aws_cloudwatch_metric_alarm: { alarm_name: /^[!-~]{1,255}$/, alarm_description: /^.{0,1024}$/s },
  aws_cognito_user_pool: { name: /^[\w\s+=,.@-]{1,128}$/ },
  aws_cognito_user_pool_client: { name: /^[\w\s+=,.@-]{1,128}$/ },
  aws_dynamodb_table: { name: /^[a-zA-Z0-9_.-]{3,255}$/ },
  aws_iam_role: { name: /^[\w+=,.@-]{1,64}$/ },
  aws_iam_role_policy: { name: /^[\w+=,.@-]{1,128}$/ },
  aws_kms_alias: { name: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/ },
  aws_kms_key: { description: /^.{0,8192}$/s },
  aws_lambda_function: { function_name: /^[a-zA-Z0-9-_]{1,64}$/ },
  aws_lambda_permission: { source_arn: /^arn:(aws[a-zA-Z-]*)?:[^:]+:[^:]*:\d{12}:.+$/ },
  aws_route53_record: { name: /^.{1,255}$/ },
  aws_s3_bucket: { bucket_prefix: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z\d][a-z\d-]{0,36}$/ },
  aws_s3_object: { key: /^.{1,1024}$/ },
  aws_scheduler_schedule: {
    name: /^[0-9a-zA-Z-_.]{1,64}$/,
    schedule_expression: /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minute|hour|day)s)\)$/,
  },
  aws_scheduler_schedule_group: { name: /^[0-9a-zA-Z-_.]{1,64}$/ },
  aws_secretsmanager_secret: { name: /^(?!.*-.{6}$)[A-Za-z0-9/_+=.@-]{1,512}$/, description: /^.{0,2048}$/s },
  aws_sns_topic: { name: /^[A-Za-z0-9_-]{1,256}$/ },
  aws_sns_topic_subscription: { endpoint: /^[!-?A-~]{1,64}@[a-zA-Z0-9.-]{1,255}$/ },
  aws_sqs_queue: { name: /^[A-Za-z0-9_-]{1,80}$/ },
};

interface Placed {
  readonly place: string;
  readonly attributes: Attributes;
}

const all = ({ resource }: DeployedStack, type: string): Placed[] =>
  Object.entries(resource[type] ?? {}).map(([id, attributes]) => ({ place: `${type}.${id}`, attributes }));

/** A sentence for everything in a stack that AWS would refuse. */
export const breaches = (stack: DeployedStack): string[] =>
  [texts, templates, variables, policies, tags, throttle, alarms, dashboards].flatMap((check) => check(stack));

const texts = (stack: DeployedStack): string[] =>
  Object.entries(TEXTS).flatMap(([type, patterns]) =>
    all(stack, type).flatMap(({ place, attributes }) =>
      Object.entries(patterns)
        .filter(([name, pattern]) => attributes[name] !== undefined && !pattern.test(String(attributes[name])))
        .map(([name, pattern]) => `${place}.${name} is "${attributes[name]}"; allowed: ${pattern}`),
    ),
  );

/** Terraform would evaluate these characters, or AWS and JSON do not support them. */
const templates = ({ resource }: DeployedStack): string[] =>
  stringsIn(resource)
    .filter((text) => /[$%]\{|[\p{Cs}]|(?!\n)\p{Cc}/u.test(text))
    .map((text) => `"${text}" has a template, a control character or half a surrogate pair`);

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(stringsIn) : [];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const VARIABLES_BYTES_MAX = 4_096;

export const variablesBytesOf = ({ environment }: Attributes): number =>
  Buffer.byteLength(JSON.stringify((environment as { variables?: object } | undefined)?.variables ?? {}));

const variables = (stack: DeployedStack): string[] =>
  all(stack, "aws_lambda_function")
    .filter(({ attributes }) => variablesBytesOf(attributes) > VARIABLES_BYTES_MAX)
    .map(({ place, attributes }) => `${place} has ${variablesBytesOf(attributes)} bytes of variables; allowed: 4096`);

/** White space does not count. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const characters = (policy: unknown): number => String(policy).replaceAll(/\s/g, "").length;

function policies(stack: DeployedStack): string[] {
  const inline = new Map<string, number>();
  for (const { attributes } of all(stack, "aws_iam_role_policy")) {
    const role = String(attributes.role);
    inline.set(role, (inline.get(role) ?? 0) + characters(attributes.policy));
  }
  const sized = [
    ...[...inline].map(([role, size]) => ({ what: `The inline policies of ${role}`, size, max: 10_240 })),
    ...all(stack, "aws_iam_role").map(({ place, attributes }) => ({
      what: `The trust policy of ${place}`,
      size: characters(attributes.assume_role_policy),
      max: 2_048,
    })),
    ...all(stack, "aws_sns_topic_policy").map(({ place, attributes }) => ({
      what: place,
      size: characters(attributes.policy),
      max: 30_720,
    })),
    ...all(stack, "aws_apigatewayv2_stage").map(({ place, attributes }) => ({
      what: `The access log format of ${place}`,
      size: String((attributes.access_log_settings as Attributes | undefined)?.format ?? "").length,
      max: 1_024,
    })),
  ];
  return sized.filter(({ size, max }) => size > max).map(({ what, size, max }) => `${what}: ${size}; allowed: ${max}`);
}

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
function tags({ provider }: DeployedStack): string[] {
  const entries = Object.entries(provider.aws[0].default_tags[0].tags);
  const inLowerCase = new Set(entries.map(([name]) => name.toLowerCase()));
  return [
    ...(entries.length > 50 ? [`${entries.length} tags; allowed: 50`] : []),
    ...(inLowerCase.size < entries.length ? ["tags that differ by case alone, which IAM refuses"] : []),
    ...entries
      .filter((entry) => entry.some((text) => !/^(?!aws:|\s)[\p{L}\p{N}_\s.:/=+@-]{1,256}(?<!\s)$/iu.test(text)))
      .map(([name, value]) => `the tag "${name}": "${value}"`),
    ...entries.filter(([name]) => name.length > 128).map(([name]) => `the tag name "${name}" of ${name.length}`),
  ];
}

const throttle = (stack: DeployedStack): string[] =>
  all(stack, "aws_apigatewayv2_stage").flatMap(({ place, attributes }) => {
    const settings = attributes.default_route_settings as Record<string, number>;
    return Object.entries(settings)
      .filter(([, value]) => !Number.isInteger(value) || value < 1 || value > 2_147_483_647)
      .map(([name, value]) => `${place}.${name} is ${value}`);
  });

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const alarms = (stack: DeployedStack): string[] =>
  all(stack, "aws_cloudwatch_metric_alarm").flatMap(({ place, attributes }) => {
    const queries = (attributes.metric_query ?? []) as readonly { metric?: { period: number } }[];
    const metrics = queries.filter(({ metric }) => metric !== undefined);
    const period = Number(attributes.period ?? Math.max(...metrics.map(({ metric }) => metric?.period ?? 0)));
    return [
      ...(metrics.length > 10 ? [`${place} has ${metrics.length} metrics; allowed: 10`] : []),
      ...(period * Number(attributes.evaluation_periods) > 86_400 ? [`${place} looks back for more than a day`] : []),
    ];
  });

interface Widget {
  readonly x: number;
  readonly width: number;
  readonly properties: { readonly metrics: readonly unknown[] };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const dashboards = (stack: DeployedStack): string[] =>
  all(stack, "aws_cloudwatch_dashboard").flatMap(({ place, attributes }) => {
    const { widgets } = JSON.parse(String(attributes.dashboard_body)) as { widgets: readonly Widget[] };
    const metrics = widgets.map(({ properties }) => properties.metrics.length);
    return [
      ...(widgets.length > 500 ? [`${place} has ${widgets.length} widgets; allowed: 500`] : []),
      ...(Math.max(...metrics) > 500 ? [`${place} has ${Math.max(...metrics)} metrics in a widget; allowed: 500`] : []),
      ...(metrics.reduce((sum, count) => sum + count) > 2_500 ? [`${place} has more than 2500 metrics`] : []),
      ...(metrics.includes(0) ? [`${place} has a widget without metrics`] : []),
      ...(widgets.some(({ x, width }) => x + width > 24) ? [`${place} has a widget off the grid`] : []),
    ];
  });
