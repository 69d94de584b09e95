import { partitionOf } from "../terraform/computed.ts";
import type { Stack } from "../terraform/stack.ts";
import type { Endpoints } from "./environment-variables.ts";

/**
 * Ports on loopback by the host names, in lower case, at which functions reach the emulated services in AWS. A key is a
 * host name, or a host name and a port.
 */
export type PublicHosts = Readonly<Record<string, number>>;

/** The prefixes of the host names of each service. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const PREFIXES = {
  dynamodb: ["dynamodb", "dynamodb-fips"],
  others: ["lambda", "lambda-fips", "secretsmanager", "secretsmanager-fips"],
} as const;

/** The suffixes of dual-stack host names. https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html */
const DUAL_STACK_SUFFIXES: Readonly<Record<string, string>> = { "aws-cn": "api.amazonwebservices.com.cn" };

/**
 * The public host names of the emulated services, including `{apiId}.execute-api.{region}.amazonaws.com` of the stack's
 * API. `domainName` in an event is the address that the client used, so HTTPS to that address leads to `@connections` too.
 */
export function publicHosts({ region, stage, accountId }: HostsOwner, endpoints: Endpoints): PublicHosts {
  const { name, dnsSuffix } = partitionOf(region);
  const suffixes = [dnsSuffix, DUAL_STACK_SUFFIXES[name] ?? "api.aws"];
  const inRegion = (prefixes: readonly string[], port: number) =>
    prefixes.flatMap((prefix) => suffixes.map((suffix) => [`${prefix}.${region}.${suffix}`, port] as const));
  const gateway = portOf(endpoints.management);
  return Object.fromEntries([
    ...["127.0.0.1", "localhost", "::1"].map((host) => [`${host}:${gateway}`, gateway] as const),
    ...inRegion([`${stage.apiId}.execute-api`, `${stage.apiId}.execute-api-fips`], gateway),
    // The SDK can put the account into the host name of DynamoDB.
    ...inRegion([...PREFIXES.dynamodb, `${accountId}.ddb`], portOf(endpoints.dynamodb)),
    ...inRegion(PREFIXES.others, portOf(endpoints.others)),
  ]);
}

interface HostsOwner extends Pick<Stack, "region" | "accountId"> {
  readonly stage: Pick<Stack["stage"], "apiId">;
}

const portOf = (url: string): number => Number(new URL(url).port);
