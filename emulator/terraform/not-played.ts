import type { Configuration, Resources } from "./configuration.ts";

/** Resources, and data, that mean nothing on one machine. They are named at the start, and passed over. */
const NOT_PLAYED: readonly string[] = [
  // Who watches has the terminal.
  "aws_cloudwatch_metric_alarm",
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
  /** The types of the rest. */
  readonly notPlayed: readonly string[];
}

/** Takes out what means nothing here. */
export function sift({ region, resource, data }: Configuration): Sifted {
  const types = new Set([...Object.keys(resource), ...Object.keys(data)]);
  return {
    played: { region, resource: withoutNotPlayed(resource), data: withoutNotPlayed(data) },
    notPlayed: [...types].filter((type) => NOT_PLAYED.includes(type)),
  };
}

const withoutNotPlayed = (resources: Resources): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([type]) => !NOT_PLAYED.includes(type)));
