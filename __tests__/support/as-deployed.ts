/** A stack in Terraform's JSON, as Terraform would send it to AWS. */
export interface DeployedStack {
  readonly provider: { readonly aws: readonly [{ readonly default_tags: readonly [{ readonly tags: Tags }] }] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

type Tags = Readonly<Record<string, string>>;

export type Attributes = Readonly<Record<string, unknown>>;

const ACCOUNT = "123456789012";

/** The longest id of API Gateway. */
const GATEWAY_ID = "a".repeat(10);

const TARGET = /(?:data\.)?(aws_\w+)\.([\w-]+)(?:\[0\])?\.(\w+)/;

interface Place {
  readonly region: string;
  readonly partition: string;
}

type Of = (attributes: Attributes, place: Place) => string;

const named: Of = ({ name }) => String(name);

const arn =
  (service: string, resource: Of): Of =>
  (attributes, place) =>
    `arn:${place.partition}:${service}:${place.region}:${ACCOUNT}:${resource(attributes, place)}`;

const gatewayId: Of = () => GATEWAY_ID;
const executionArn = (path: Of): Of => arn("execute-api", (...of) => `${GATEWAY_ID}${path(...of)}`);
const host = ({ region }: Place): string => `${GATEWAY_ID}.execute-api.${region}.amazonaws.com.cn`;

/** The longest value that each reference can have in AWS, so that what contains it is measured at its longest. */
const VALUES: Readonly<Record<string, Readonly<Record<string, Of>>>> = {
  aws_acm_certificate: { arn: arn("acm", () => `certificate/${"a".repeat(36)}`), domain_validation_options: () => "a" },
  aws_acm_certificate_validation: { certificate_arn: arn("acm", () => `certificate/${"a".repeat(36)}`) },
  aws_apigatewayv2_api: {
    id: gatewayId,
    execution_arn: executionArn(() => ""),
    api_endpoint: (_, place) => `https://${host(place)}`,
  },
  aws_apigatewayv2_authorizer: { id: gatewayId },
  aws_apigatewayv2_domain_name: {
    id: ({ domain_name }) => String(domain_name),
    domain_name: ({ domain_name }) => String(domain_name),
    domain_name_configuration: (_, { region }) => `d-${"a".repeat(10)}.execute-api.${region}.amazonaws.com`,
  },
  aws_apigatewayv2_integration: { id: gatewayId },
  aws_apigatewayv2_route: { id: gatewayId },
  aws_apigatewayv2_stage: {
    name: named,
    execution_arn: executionArn(({ name }) => `/${name}`),
    invoke_url: ({ name }, place) => `wss://${host(place)}/${name}`,
  },
  aws_cloudfront_distribution: {
    arn: (_, { partition }) => `arn:${partition}:cloudfront::${ACCOUNT}:distribution/${"E".repeat(14)}`,
    domain_name: () => `${"d".repeat(14)}.cloudfront.net`,
    hosted_zone_id: () => "Z".repeat(14),
  },
  aws_cloudfront_origin_access_control: { id: () => "E".repeat(14) },
  aws_cloudfront_response_headers_policy: { id: () => "a".repeat(36) },
  aws_cloudwatch_event_bus: { name: named, arn: arn("events", ({ name }) => `event-bus/${name}`) },
  aws_cloudwatch_event_rule: { name: named, arn: arn("events", ({ name }) => `rule/${name}`) },
  aws_cloudwatch_log_group: { name: named, arn: arn("logs", ({ name }) => `log-group:${name}`) },
  aws_cognito_user_pool: { id: (_, { region }) => `${region}_${"A".repeat(9)}` },
  aws_cognito_user_pool_client: { id: () => "a".repeat(26) },
  aws_cognito_user_pool_domain: { domain: () => "a".repeat(32) },
  aws_dynamodb_table: { name: named, arn: arn("dynamodb", ({ name }) => `table/${name}`) },
  aws_iam_role: { name: named, arn: ({ name }, { partition }) => `arn:${partition}:iam::${ACCOUNT}:role/${name}` },
  aws_kms_key: { key_id: () => "a".repeat(36), arn: arn("kms", () => `key/${"a".repeat(36)}`) },
  aws_lambda_function: {
    function_name: ({ function_name }) => String(function_name),
    arn: arn("lambda", ({ function_name }) => `function:${function_name}`),
    invoke_arn: ({ function_name }, { region, partition }) =>
      `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/arn:${partition}:lambda:${region}:${ACCOUNT}:function:${function_name}/invocations`,
  },
  aws_lambda_function_url: {
    function_url: (_, { region }) => `https://${"a".repeat(32)}.lambda-url.${region}.on.aws/`,
  },
  aws_route53_record: { fqdn: named },
  aws_route53_zone: { zone_id: () => "Z".repeat(32) },
  aws_s3_bucket: {
    id: ({ bucket_prefix }) => `${bucket_prefix}${"0".repeat(26)}`,
    arn: ({ bucket_prefix }, { partition }) => `arn:${partition}:s3:::${bucket_prefix}${"0".repeat(26)}`,
    bucket_regional_domain_name: ({ bucket_prefix }, { region }) =>
      `${bucket_prefix}${"0".repeat(26)}.s3.${region}.amazonaws.com`,
  },
  aws_scheduler_schedule_group: { name: named, arn: arn("scheduler", ({ name }) => `schedule-group/${name}`) },
  aws_secretsmanager_secret: { arn: arn("secretsmanager", ({ name }) => `secret:${name}-AbCdEf`) },
  aws_sns_topic: { arn: arn("sns", named), owner: () => ACCOUNT },
  aws_sqs_queue: { name: named, arn: arn("sqs", named) },
};

/** Replaces each reference in a synthesized stack. Throws at one that is not in the table above. */
export function asDeployed(synthesized: string): DeployedStack {
  const stack = JSON.parse(synthesized, (name, value) => (name === "//" ? undefined : value));
  const region = String(stack.provider.aws[0].region);
  const place = { region, partition: partitionOf(region) };
  const resolve = (text: string): string =>
    text.replaceAll(/\$\{([^}]*)\}/g, (expression) => {
      const [, type = "", id = "", attribute = ""] = TARGET.exec(expression) ?? [];
      const value = VALUES[type]?.[attribute];
      const attributes = stack.resource[type]?.[id] ?? stack.data?.[type]?.[id];
      if (!value || !attributes) throw new Error(`No value is known for ${expression}. Add it to as-deployed.ts.`);
      return resolve(value(attributes, place));
    });
  const provider = { aws: stack.provider.aws };
  return { provider, resource: mapStrings(stack.resource, resolve) as DeployedStack["resource"] };
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapStrings(item, map)]));
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
