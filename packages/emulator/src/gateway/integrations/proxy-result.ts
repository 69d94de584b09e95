/** The result of a function behind a proxy integration. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/**
 * The outcome of an integration. `empty`: the function returned nothing, which is valid for a message (RR-06).
 * `not-permitted`: the resource policy of the function does not allow API Gateway to invoke it (HS-25).
 */
export type IntegrationOutcome =
  | { readonly kind: "result"; readonly result: ProxyResult }
  | { readonly kind: "empty" | "failed" | "timeout" | "not-permitted" };

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<keyof ProxyResult, (value: unknown) => boolean>> = {
  statusCode: Number.isInteger,
  headers: isRecord,
  multiValueHeaders: isRecord,
  body: (value) => typeof value === "string",
  isBase64Encoded: (value) => typeof value === "boolean",
};

/** Undefined if API Gateway rejects the payload as malformed. An unknown key makes it malformed (RR-05). */
export function parseProxyResult(payload: unknown): ProxyResult | undefined {
  if (!isRecord(payload) || !Object.hasOwn(payload as object, "statusCode")) return undefined;
  const isWellFormed = Object.entries(payload as object).every(
    ([name, value]) => Object.hasOwn(CHECKS, name) && (value === null || CHECKS[name as keyof ProxyResult](value)),
  );
  return isWellFormed ? (payload as ProxyResult) : undefined;
}
