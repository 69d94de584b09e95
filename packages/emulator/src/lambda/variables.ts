import { type Credentials, localCredentials } from "../iam/credentials.ts";
import type { FunctionConfig } from "../terraform/functions.ts";

/** Where a function finds what it calls. */
export interface Endpoints {
  readonly management: string;
  readonly dynamodb: string;
  /** Every other service, played or not. */
  readonly others: string;
}

export interface Surroundings {
  readonly region: string;
  readonly endpoints: Endpoints;
  /** Of its role; the developer's where IAM is off. */
  readonly credentials?: Credentials | undefined;
}

/**
 * The environment of a function: Lambda's own variables, those of its configuration, and the SDK's variables for
 * where AWS is. Those come last: what the Terraform says of AWS is true in AWS alone.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const variablesOf = (
  { name, memoryMegabytes, runtime, handler, environment, logGroupName, logLevel }: FunctionConfig,
  { region, endpoints, credentials = localCredentials() }: Surroundings,
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
  // The SDK warns of Node versions that it will leave: this machine's is not the one that the function is deployed on.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  ...environment,
  AWS_ENDPOINT_URL: endpoints.others,
  AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
  AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: endpoints.management,
});
