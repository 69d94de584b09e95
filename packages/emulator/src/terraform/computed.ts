import { createHash } from "node:crypto";

/** The region and the account in which the stack would be deployed. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** A group of AWS regions with its own ARN prefix and DNS suffix. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export interface Partition {
  /** The second part of an ARN, such as `aws-cn`. */
  readonly name: string;
  /** The suffix of the host names of services. */
  readonly dnsSuffix: string;
}

/** An unknown region is in `aws`. The emulator accepts any region, because it sends nothing to AWS. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  return { name: region.startsWith("us-gov-") ? "aws-us-gov" : "aws", dnsSuffix: "amazonaws.com" };
}

/** Returns an attribute of the resource, declared or computed. */
export interface Read {
  (attribute: string): string;
  /** Returns undefined if the resource does not declare the attribute. */
  readonly optional: (attribute: string) => string | undefined;
}

/** Computes an attribute whose value Terraform knows only after an apply. */
export type Compute = (address: string, read: Read, place: Place) => string;

const arn =
  (service: string, resource: (read: Read) => string): Compute =>
  (_, read, { region, accountId }) =>
    `arn:${partitionOf(region).name}:${service}:${region}:${accountId}:${resource(read)}`;

/** The ARNs of IAM contain no region. */
const iamArn =
  (kind: "policy" | "role"): Compute =>
  (_, read, { region, accountId }) =>
    `arn:${partitionOf(region).name}:iam::${accountId}:${kind}${read.optional("path") ?? "/"}${read("name")}`;

/** A reference to a function is its name, or an ARN that ends with the name. */
const functionName = (text: string): string => text.replace(/^arn:.*:function:/, "").replace(/:.*$/, "");

/** Derived from the address, so that ids do not change when the emulator restarts. */
const idOf: Compute = (address) => hashOf(address).slice(0, 10);

export const hashOf = (address: string): string => createHash("sha256").update(address).digest("hex");

/** An E and 13 letters and digits. The ARNs of CloudFront contain no region. */
const distributionId: Compute = (address) => `E${hashOf(address).slice(0, 13).toUpperCase()}`;

const named: Compute = (_, read) => read("name");

/** Terraform generates a name with the prefix, or with its own. */
const generatedName =
  (attribute = "name_prefix"): Compute =>
  (address, read) =>
    `${read.optional(attribute) ?? "terraform-"}${hashOf(address).slice(0, 10)}`;

const invokeArnOf =
  (attribute: string): Compute =>
  (_, read, { region }) =>
    `arn:${partitionOf(region).name}:apigateway:${region}:lambda:path/2015-03-31/functions/${read(attribute)}/invocations`;

const host = (apiId: string, { region }: Place): string =>
  `${apiId}.execute-api.${region}.${partitionOf(region).dnsSuffix}`;

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export const functionUrlHost = (urlId: string, region: string): string => `${urlId}.lambda-url.${region}.on.aws`;

/** The ARN of a rule contains its bus, unless it is the default one. */
const ruleId = (_: string, read: Read): string => {
  const bus = (read.optional("event_bus_name") ?? "default").replace(/^arn:.*:event-bus\//, "");
  return bus === "default" ? read("name") : `${bus}/${read("name")}`;
};

/** The ids of KMS keys are UUIDs. */
const keyIdOf: Compute = (address) => hashOf(address).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

/**
 * Secrets Manager appends six characters to the name, so that a recreated secret has another ARN.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
const secretArn: Compute = (address, read, { region, accountId }) =>
  `arn:${partitionOf(region).name}:secretsmanager:${region}:${accountId}:secret:${read("name")}-${hashOf(address).slice(0, 6)}`;

/** The ARNs of buckets contain neither a region nor an account. */
const bucketArn: Compute = (_, read, { region }) => `arn:${partitionOf(region).name}:s3:::${read("bucket")}`;

/** The computed attributes of each resource type. https://registry.terraform.io/providers/hashicorp/aws/latest/docs */
export const computed: Readonly<Record<string, Readonly<Record<string, Compute>>>> = {
  aws_apigatewayv2_api: {
    id: idOf,
    api_endpoint: (_, read, place) => `wss://${host(read("id"), place)}`,
    arn: (_, read, { region }) => `arn:${partitionOf(region).name}:apigateway:${region}::/apis/${read("id")}`,
    execution_arn: arn("execute-api", (read) => read("id")),
  },
  aws_apigatewayv2_authorizer: { id: idOf },
  aws_apigatewayv2_deployment: { id: idOf },
  aws_apigatewayv2_integration: { id: idOf },
  aws_apigatewayv2_model: { id: idOf },
  aws_apigatewayv2_route: { id: idOf },
  aws_apigatewayv2_route_response: { id: idOf },
  aws_apigatewayv2_stage: {
    id: named,
    arn: (_, read, { region }) =>
      `arn:${partitionOf(region).name}:apigateway:${region}::/apis/${read("api_id")}/stages/${read("name")}`,
    execution_arn: arn("execute-api", (read) => `${read("api_id")}/${read("name")}`),
    invoke_url: (_, read, place) => `wss://${host(read("api_id"), place)}/${read("name")}`,
  },
  aws_cloudfront_distribution: {
    id: distributionId,
    arn: (_, read, { region, accountId }) =>
      `arn:${partitionOf(region).name}:cloudfront::${accountId}:distribution/${read("id")}`,
    domain_name: (_, read) => `d${read("id").toLowerCase()}.cloudfront.net`,
  },
  aws_cloudwatch_event_bus: { id: named, arn: arn("events", (read) => `event-bus/${read("name")}`) },
  aws_cloudwatch_event_rule: {
    id: ruleId,
    name: generatedName(),
    arn: arn("events", (read) => `rule/${ruleId("", read)}`),
  },
  aws_cloudwatch_log_group: {
    id: named,
    name: generatedName(),
    arn: arn("logs", (read) => `log-group:${read("name")}`),
  },
  aws_cloudwatch_log_stream: {
    arn: arn("logs", (read) => `log-group:${read("log_group_name")}:log-stream:${read("name")}`),
  },
  aws_dynamodb_table: {
    id: named,
    arn: arn("dynamodb", (read) => `table/${read("name")}`),
    stream_arn: (_, read) => `${read("arn")}/stream/1970-01-01T00:00:00.000`,
  },
  aws_iam_policy: { id: (_, read) => read("arn"), name: generatedName(), arn: iamArn("policy") },
  aws_iam_role: { id: named, name: generatedName(), arn: iamArn("role"), unique_id: idOf },
  aws_iam_role_policy: { id: (_, read) => `${read("role")}:${read("name")}`, name: generatedName() },
  aws_lambda_alias: {
    arn: arn("lambda", (read) => `function:${functionName(read("function_name"))}:${read("name")}`),
    invoke_arn: invokeArnOf("arn"),
  },
  aws_lambda_function: {
    id: (_, read) => read("function_name"),
    arn: arn("lambda", (read) => `function:${read("function_name")}`),
    invoke_arn: invokeArnOf("arn"),
    qualified_arn: (_, read) => `${read("arn")}:${read("version")}`,
    qualified_invoke_arn: invokeArnOf("qualified_arn"),
    version: (_, read) => (read.optional("publish") === "true" ? "1" : "$LATEST"),
  },
  aws_lambda_function_url: {
    id: (_, read) => functionName(read("function_name")),
    function_arn: arn("lambda", (read) => `function:${functionName(read("function_name"))}`),
    function_url: (_, read, { region }) => `https://${functionUrlHost(read("url_id"), region)}/`,
    url_id: (address) => hashOf(address).slice(0, 32),
  },
  aws_kms_key: { id: (_, read) => read("key_id"), key_id: keyIdOf, arn: arn("kms", (read) => `key/${read("key_id")}`) },
  aws_s3_bucket: {
    id: (_, read) => read("bucket"),
    arn: bucketArn,
    bucket: generatedName("bucket_prefix"),
    bucket_domain_name: (_, read) => `${read("bucket")}.s3.amazonaws.com`,
    bucket_regional_domain_name: (_, read, { region }) => `${read("bucket")}.s3.${region}.amazonaws.com`,
  },
  aws_s3_object: { id: (_, read) => read("key") },
  aws_scheduler_schedule: {
    group_name: () => "default",
    id: (_, read) => `${read("group_name")}/${read("name")}`,
  },
  aws_scheduler_schedule_group: { id: named, arn: arn("scheduler", (read) => `schedule-group/${read("name")}`) },
  aws_secretsmanager_secret: { id: (_, read) => read("arn"), name: generatedName(), arn: secretArn },
  aws_sns_topic: { id: (_, read) => read("arn"), name: generatedName(), arn: arn("sns", (read) => read("name")) },
  aws_sqs_queue: {
    id: (_, read) => read("url"),
    name: generatedName(),
    arn: arn("sqs", (read) => read("name")),
    url: (_, read, { region, accountId }) =>
      `https://sqs.${region}.${partitionOf(region).dnsSuffix}/${accountId}/${read("name")}`,
  },
  aws_ssm_parameter: {
    id: named,
    arn: arn("ssm", (read) => `parameter/${read("name").replace(/^\//, "")}`),
    version: () => "1",
  },
};
