import { type Configuration, mapEntries, type Resources } from "./configuration.ts";

/** Resources, data sources and attributes without effect on one machine. They are listed at the start and ignored. */
const NOT_PLAYED: readonly string[] = [
  // The terminal shows logs and metrics.
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_metric_alarm",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
  // The access log needs no permission.
  "aws_api_gateway_account",
  // There are no traces.
  "aws_lambda_function.tracing_config",
  // The address of this machine replaces a custom domain.
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

/** Removes everything that is not played. */
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
