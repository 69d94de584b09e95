/** What a function behind a proxy integration may return. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/**
 * The outcome of an integration. `silent`: the function returned nothing, which the route of a message may (RR-06).
 * `not-permitted`: the resource policy of the function does not allow API Gateway to call it (HS-25).
 */
export type IntegrationOutcome =
  | { readonly kind: "result"; readonly result: ProxyResult }
  | { readonly kind: "silent" | "failed" | "timeout" | "not-permitted" };

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<keyof ProxyResult, (value: unknown) => boolean>> = {
  statusCode: Number.isInteger,
  headers: isRecord,
  multiValueHeaders: isRecord,
  body: (value) => typeof value === "string",
  isBase64Encoded: (value) => typeof value === "boolean",
};

/** Reads a function's payload; undefined when API Gateway could not. One unknown key is enough (RR-05). */
export function readProxyResult(payload: unknown): ProxyResult | undefined {
  if (!isRecord(payload) || !Object.hasOwn(payload as object, "statusCode")) return undefined;
  const isWellFormed = Object.entries(payload as object).every(
    ([name, value]) => Object.hasOwn(CHECKS, name) && (value === null || CHECKS[name as keyof ProxyResult](value)),
  );
  return isWellFormed ? (payload as ProxyResult) : undefined;
}
