import { type Place, partitionOf } from "../terraform/computed.ts";

/** Which function a request names. */
export interface FunctionName {
  readonly name: string;
  /** With the qualifier, where there is one. */
  readonly arn: string;
  /** A version or an alias; `$LATEST` is what there is without one. */
  readonly qualifier: string | undefined;
}

const FORMS =
  /^(?:(?:arn:aws(?:-cn|-us-gov)?:lambda:(?<region>[\w-]+):)?(?<accountId>\d{12}):function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

/**
 * Reads a function's name, partial ARN or ARN, each with a qualifier or without one; undefined when it is none of them.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
export function readFunctionName(text: string, place: Place): FunctionName | undefined {
  const { region, accountId, name, qualifier } = FORMS.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  const ownRegion = region ?? place.region;
  const own = `arn:${partitionOf(ownRegion).name}:lambda:${ownRegion}:${accountId ?? place.accountId}:function:${name}`;
  return { name, qualifier, arn: qualifier === undefined ? own : `${own}:${qualifier}` };
}
