import { type Credentials, localCredentials } from "../iam/principal.ts";
import type { FunctionConfig } from "../terraform/functions.ts";

/** The URLs of the services that functions call. */
export interface Endpoints {
  /** `@connections`. */
  readonly management: string;
  readonly dynamodb: string;
  /** All other services, including those that the emulator refuses. */
  readonly others: string;
  /** The addresses of function URLs, by their host names in AWS. */
  readonly functionUrls: Readonly<Record<string, string>>;
}

export interface VariablesOptions {
  readonly region: string;
  readonly endpoints: Endpoints;
  /** The credentials of the function's role; default: those of the developer, for `--no-iam`. */
  readonly credentials?: Credentials | undefined;
}

/**
 * The environment variables of a function: those that Lambda sets, those of its configuration, and the endpoints for
 * the SDK. The endpoints come last, because endpoints in the Terraform are valid only in AWS.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const variablesOf = (
  { name, memoryMegabytes, runtime, handler, environment, logGroupName, logLevel }: FunctionConfig,
  { region, endpoints, credentials = localCredentials() }: VariablesOptions,
): Record<string, string> => ({
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
  AWS_LAMBDA_LOG_LEVEL: logLevel,
  AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
  _HANDLER: handler,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
  TZ: ":UTC",
  // The SDK warns about old versions of Node.js. The function is deployed on Lambda's version, not on this machine's.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  ...environment,
  ...overridesOf(environment),
  AWS_ENDPOINT_URL: endpoints.others,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: endpoints.management,
});

/** The SDK rejects custom endpoints together with these variables. https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html */
const overridesOf = (environment: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"]
      .filter((name) => name in environment)
      .map((name) => [name, "false"]),
  );
