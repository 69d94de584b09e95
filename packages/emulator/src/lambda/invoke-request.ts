import type { ServiceRequest } from "../service.ts";
import type { Place } from "../terraform/computed.ts";
import { type FunctionName, readFunctionName } from "./function-name.ts";

/** The permission that IAM must grant. */
export interface Access {
  readonly action: "lambda:InvokeFunction";
  readonly resource: string;
}

/** The permissions that a request needs; undefined if it is not an invocation, which `InvokeApi` refuses. */
export function accessOf(request: ServiceRequest, place: Place): Access | undefined {
  const target = targetOf(request, place);
  return target && { action: "lambda:InvokeFunction", resource: target.arn };
}

/** The function that a request invokes; undefined if the request is not an invocation. */
export function targetOf({ method, path }: ServiceRequest, place: Place): FunctionName | undefined {
  const [, encoded, query] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/.exec(path) ?? [];
  if (method !== "POST" || encoded === undefined) return undefined;
  const qualifier = new URLSearchParams(query).get("Qualifier");
  const name = decode(encoded);
  return readFunctionName(qualifier === null || name.endsWith(`:${qualifier}`) ? name : `${name}:${qualifier}`, place);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
