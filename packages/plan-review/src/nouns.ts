import { type Phrase, say } from "./phrase.ts";
import { referred } from "./references.ts";
import type { ResourceState, Sides } from "./resource-states.ts";

/** The usual noun for a resource type, and the attribute with its name. */
const NOUNS: Readonly<Record<string, readonly [noun: string, name: string]>> = {
  aws_apigatewayv2_api: ["API", "name"],
  aws_apigatewayv2_authorizer: ["authorizer", "name"],
  aws_apigatewayv2_domain_name: ["domain", "domain_name"],
  aws_apigatewayv2_stage: ["stage", "name"],
  aws_cloudfront_distribution: ["distribution", "comment"],
  aws_cloudwatch_dashboard: ["dashboard", "dashboard_name"],
  aws_cloudwatch_event_bus: ["event bus", "name"],
  aws_cloudwatch_event_rule: ["event rule", "name"],
  aws_cloudwatch_log_group: ["log group", "name"],
  aws_cloudwatch_metric_alarm: ["alarm", "alarm_name"],
  aws_cognito_user_pool: ["user pool", "name"],
  aws_cognito_user_pool_client: ["app client", "name"],
  aws_dynamodb_table: ["table", "name"],
  aws_iam_group: ["group", "name"],
  aws_iam_policy: ["policy", "name"],
  aws_iam_role: ["role", "name"],
  aws_iam_user: ["user", "name"],
  aws_kms_key: ["key", "description"],
  aws_lambda_function: ["function", "function_name"],
  aws_s3_bucket: ["bucket", "bucket"],
  aws_secretsmanager_secret: ["secret", "name"],
  aws_sns_topic: ["topic", "name"],
  aws_sqs_queue: ["queue", "name"],
  aws_ssm_parameter: ["parameter", "name"],
};

/** A noun and a name, such as "table `chat-dev-table`". For a type without a noun, the address. */
export const called = (state: ResourceState, rest = ""): Phrase => {
  const [noun, attribute] = NOUNS[state.type] ?? [];
  const name = attribute === undefined ? undefined : state.text(attribute);
  if (noun === undefined || name === undefined) return say`${state.address + rest}`;
  return [`${noun} `, ...say`${name + rest}`];
};

/** Adds the address, so that the reader can find the resource. */
export function calledAt(state: ResourceState): Phrase {
  const [noun, address] = [called(state), say`${state.address}`];
  return JSON.stringify(noun) === JSON.stringify(address) ? address : say`${noun} (${address})`;
}

export type Caller = (text: string) => Phrase;

/** A noun and a name that are not a resource of the plan, such as `user mallory`. */
const NAMED =
  /^(account|canonical user|function|group|identity provider|instance profile|log group|role|service|user) (.+)$/;

/** Turns references and names into nouns and names. Prefers the name after the change. */
export function callerOf({ before, after }: Sides): Caller {
  const states = new Map([...before, ...after].map((state) => [state.address, state]));
  return (text) => {
    const { address, rest } = referred(text) ?? {};
    const state = states.get(address ?? "");
    if (state) return called(state, rest);
    const [, noun, name] = NAMED.exec(/^\d{12}$/.test(text) ? `account ${text}` : text) ?? [];
    return noun === undefined || name === undefined ? say`${text}` : say`${[noun]} ${name}`;
  };
}
