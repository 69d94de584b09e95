import { type AllowsHost, isLoopbackHost } from "../callers.ts";
import { type Place, partitionOf } from "../terraform/computed.ts";
import type { Stack } from "../terraform/stack.ts";
import type { Endpoints } from "./environment-variables.ts";

/**
 * Ports on loopback by the host names, in lower case, at which functions reach the emulated services in AWS. A key is a
 * host name, or a host name and a port.
 */
export type PublicHosts = Readonly<Record<string, number>>;

/** The suffixes of dual-stack host names. https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html */
const DUAL_STACK_SUFFIXES: Readonly<Record<string, string>> = { "aws-cn": "api.amazonwebservices.com.cn" };

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
function namesInRegion(region: string, prefixes: readonly string[]): string[] {
  const { name, dnsSuffix } = partitionOf(region);
  const suffixes = [dnsSuffix, DUAL_STACK_SUFFIXES[name] ?? "api.aws"];
  return prefixes.flatMap((prefix) => suffixes.map((suffix) => `${prefix}.${region}.${suffix}`));
}

export const managementNames = ({ region, stage: { apiId } }: Pick<HostsOwner, "region" | "stage">): string[] =>
  namesInRegion(region, [`${apiId}.execute-api`, `${apiId}.execute-api-fips`]);

/** The SDK can put the account into the host name. */
export const dynamodbNames = ({ region, accountId }: Place): string[] =>
  namesInRegion(region, ["dynamodb", "dynamodb-fips", `${accountId}.ddb`]);

export const otherNames = ({ region }: Pick<Place, "region">): string[] =>
  namesInRegion(
    region,
    ["lambda", "secretsmanager", "events"].flatMap((service) => [service, `${service}-fips`]),
  );

/** Requests of functions keep the host name of AWS in their header, because it is signed. */
export const allowsNames =
  (names: readonly string[]): AllowsHost =>
  (hostname) =>
    isLoopbackHost(hostname) || names.includes(hostname);

/**
 * The public host names of the emulated services, including `{apiId}.execute-api.{region}.amazonaws.com` of the stack's
 * API. `domainName` in an event is the address that the client used, so HTTPS to that address leads to `@connections` too.
 */
export function publicHosts(owner: HostsOwner, endpoints: Endpoints): PublicHosts {
  const gateway = portOf(endpoints.management);
  const to = (names: readonly string[], port: number) => names.map((name) => [name, port] as const);
  return Object.fromEntries([
    ...to([`127.0.0.1:${gateway}`, `localhost:${gateway}`, `::1:${gateway}`], gateway),
    ...to(managementNames(owner), gateway),
    ...to(dynamodbNames(owner), portOf(endpoints.dynamodb)),
    ...to(otherNames(owner), portOf(endpoints.others)),
    ...Object.entries(endpoints.functionUrls).map(([name, url]) => [name, portOf(url)] as const),
  ]);
}

interface HostsOwner extends Place {
  readonly stage: Pick<Stack["stage"], "apiId">;
}

const portOf = (url: string): number => Number(new URL(url).port);
