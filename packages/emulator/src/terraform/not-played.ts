import { type Configuration, mapEntries, type Resources } from "./configuration.ts";

/** Resources, data and attributes that mean nothing on one machine. They are named at the start, and passed over. */
const NOT_PLAYED: readonly string[] = [
  // Who watches has the terminal.
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_metric_alarm",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
  // Nobody has to permit the access log.
  "aws_api_gateway_account",
  // Nothing gathers traces.
  "aws_lambda_function.tracing_config",
  // A custom domain: this machine's address stands in for it.
  "aws_acm_certificate",
  "aws_acm_certificate_validation",
  "aws_apigatewayv2_api_mapping",
  "aws_apigatewayv2_domain_name",
  "aws_route53_record",
  "aws_route53_zone",
];

export interface Sifted {
  readonly played: Configuration;
  /** The types of the rest, and attributes of the others. */
  readonly notPlayed: readonly string[];
}

/** Takes out what means nothing here. */
export function sift({ resource, data, ...rest }: Configuration): Sifted {
  const names = new Set([...namesIn(resource), ...namesIn(data)]);
  return {
    played: { ...rest, resource: withoutNotPlayed(resource), data: withoutNotPlayed(data) },
    notPlayed: [...names].filter((name) => NOT_PLAYED.includes(name)),
  };
}

/** Of types, and of their attributes. */
const namesIn = (resources: Resources): string[] =>
  Object.entries(resources).flatMap(([type, byId]) => [
    type,
    ...Object.values(byId).flatMap((attributes) => Object.keys(attributes).map((name) => `${type}.${name}`)),
  ]);

const withoutNotPlayed = (resources: Resources): Resources =>
  mapEntries(played(resources), (byId, type) => mapEntries(byId, (attributes) => played(attributes, `${type}.`)));

const played = <Value>(entries: Readonly<Record<string, Value>>, prefix = ""): Record<string, Value> =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => !NOT_PLAYED.includes(`${prefix}${name}`)));
