import { type Phrase, say } from "./phrase.ts";
import { referred } from "./references.ts";
import type { Sides, Thing } from "./things.ts";

/** What a reviewer calls a resource, and which attribute holds its name. */
const NOUNS: Readonly<Record<string, readonly [noun: string, name: string]>> = {
  aws_apigatewayv2_api: ["API", "name"],
  aws_apigatewayv2_authorizer: ["authorizer", "name"],
  aws_apigatewayv2_domain_name: ["domain", "domain_name"],
  aws_apigatewayv2_stage: ["stage", "name"],
  aws_cloudwatch_dashboard: ["dashboard", "dashboard_name"],
  aws_cloudwatch_log_group: ["log group", "name"],
  aws_cloudwatch_metric_alarm: ["alarm", "alarm_name"],
  aws_cognito_user_pool: ["user pool", "name"],
  aws_dynamodb_table: ["table", "name"],
  aws_iam_policy: ["policy", "name"],
  aws_iam_role: ["role", "name"],
  aws_kms_key: ["key", "description"],
  aws_lambda_function: ["function", "function_name"],
  aws_s3_bucket: ["bucket", "bucket"],
  aws_secretsmanager_secret: ["secret", "name"],
  aws_sns_topic: ["topic", "name"],
  aws_sqs_queue: ["queue", "name"],
  aws_ssm_parameter: ["parameter", "name"],
};

/** What something is called, such as "table `chat-dev-table`"; what has no noun of its own goes by its address. */
export const called = (thing: Thing, rest = ""): Phrase => {
  const [noun, attribute] = NOUNS[thing.type] ?? [];
  const name = attribute === undefined ? undefined : thing.text(attribute);
  if (noun === undefined || name === undefined) return say`${thing.address + rest}`;
  return [`${noun} `, ...say`${name + rest}`];
};

export type Caller = (text: string) => Phrase;

/** Calls what a text refers to by its name, after the change if it is there then. */
export function callerOf({ before, after }: Sides): Caller {
  const things = new Map([...before, ...after].map((thing) => [thing.address, thing]));
  return (text) => {
    const { address, rest } = referred(text) ?? {};
    const thing = things.get(address ?? "");
    return thing ? called(thing, rest) : say`${text}`;
  };
}
