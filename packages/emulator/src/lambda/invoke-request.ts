import type { ServiceRequest } from "../http-server.ts";
import { type Place, partitionOf } from "../terraform/computed.ts";

/** The function that a request invokes. */
export interface InvokeTarget {
  readonly name: string;
  /** Ends with the qualifier if the request has one. */
  readonly arn: string;
}

/** The permission that the caller needs. */
export interface InvokeAccess {
  readonly action: "lambda:InvokeFunction";
  readonly resource: string;
}

/** Undefined if the request is not an invocation. */
export function accessOf(request: ServiceRequest, place: Place): InvokeAccess | undefined {
  const target = targetOf(request, place);
  return target && { action: "lambda:InvokeFunction", resource: target.arn };
}

/** Undefined if the request is not an invocation. */
export function targetOf({ method, path }: ServiceRequest, place: Place): InvokeTarget | undefined {
  const [, encoded, query] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/.exec(path) ?? [];
  if (method !== "POST" || encoded === undefined) return undefined;
  const qualifier = new URLSearchParams(query).get("Qualifier");
  const name = decode(encoded);
  return parseFunctionName(qualifier === null || name.endsWith(`:${qualifier}`) ? name : `${name}:${qualifier}`, place);
}

const FUNCTION_NAME =
  /^(?:(?:arn:aws(?:-cn|-us-gov)?:lambda:(?<region>[\w-]+):)?(?<accountId>\d{12}):function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

/**
 * Parses a function name, a partial ARN or an ARN, with or without a qualifier. Undefined if the text is none of them.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
function parseFunctionName(text: string, place: Place): InvokeTarget | undefined {
  const {
    region = place.region,
    accountId = place.accountId,
    name,
    qualifier,
  } = FUNCTION_NAME.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  const arn = `arn:${partitionOf(region).name}:lambda:${region}:${accountId}:function:${name}`;
  return { name, arn: qualifier === undefined ? arn : `${arn}:${qualifier}` };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
