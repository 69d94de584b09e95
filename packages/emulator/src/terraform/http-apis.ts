import type { Instance } from "./language/instance.ts";
import type { Result } from "./language/values.ts";

/**
 * Separates the HTTP APIs of a stack, with their routes and stages, from its WebSocket API. A stack with only HTTP APIs is
 * left as it is, so that it is refused.
 */
export function separateHttpApis(instances: readonly Instance[]): {
  readonly played: readonly Instance[];
  readonly others: readonly Instance[];
} {
  const apis = instances.filter(({ type }) => type === "aws_apigatewayv2_api");
  const http = apis.filter((api) => read(api, "protocol_type") === "HTTP");
  if (http.length === apis.length) return { played: instances, others: [] };
  const ids = new Set<Result | undefined>(http.map((api) => read(api, "id")));
  const isOther = (instance: Instance): boolean =>
    http.includes(instance) ||
    (instance.type.startsWith("aws_apigatewayv2_") && ids.has(read(instance, "api_id") ?? null));
  return { played: instances.filter((each) => !isOther(each)), others: instances.filter(isOther) };
}

/** Undefined if the attribute cannot be resolved. */
function read(instance: Instance, name: string): Result | undefined {
  try {
    return instance.find(name);
  } catch {
    return undefined;
  }
}
