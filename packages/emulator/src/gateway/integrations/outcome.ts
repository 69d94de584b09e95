/** The result of a function behind a proxy integration. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/**
 * The outcome of an integration. `empty`: the function returned nothing, which is valid for a message (rule RR-06 in
 * docs/api-gateway-rules.md). `not-permitted`: the resource policy of the function does not allow API Gateway to invoke
 * it (HS-25).
 */
export type IntegrationOutcome =
  | { readonly kind: "result"; readonly result: ProxyResult }
  | { readonly kind: "empty" }
  | ({ readonly kind: "failed" | "timeout" | "not-permitted" } & IntegrationFailure);

export interface IntegrationFailure {
  /** For the access log, in the words of API Gateway's execution logs as far as they are known. */
  readonly error: string;
  /** The status of Lambda, if it did not run the function. */
  readonly serviceStatus?: number;
}
