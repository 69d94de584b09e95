import { evaluate } from "../iam/evaluate.ts";
import { matchesArn, matchesGlob } from "../iam/patterns.ts";
import type { Role } from "../iam/principal.ts";
import {
  type Attributes,
  block,
  type Resources,
  readEach,
  resourcesByAddress,
  resourcesOfType,
  type Value,
} from "./configuration.ts";

/** A Lambda function. */
export interface FunctionConfig {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** The path of a zip file or of a folder. */
  readonly archivePath: string;
  /** Any Node.js runtime. The function runs on the Node.js version of this machine. */
  readonly runtime: string;
  /** `<directory>/<file>.<export>`, without the file extension. */
  readonly handler: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Log lines below this level are dropped, because Lambda does not send them to CloudWatch either. */
  readonly logLevel: string;
  readonly logGroupName: string;
  /** The maximum number of concurrent invocations; unlimited if undefined. */
  readonly reservedConcurrency?: number | undefined;
  readonly asynchronous: AsynchronousConfig;
}

/** Lambda's defaults. -1 reserves no concurrency. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const FUNCTION_DEFAULTS = { memory_size: 128, timeout: 3, runtime: "nodejs22.x", reserved_concurrent_executions: -1 };

/** `archivePath` returns the path of the code of an archive. Throws for all destinations that are not supported. */
export const functionsOf = (
  resources: Resources,
  archivePath: (lambda: Attributes, address: string) => string,
): FunctionConfig[] =>
  readEach(resourcesByAddress(resources, "aws_lambda_function"), ([address, attributes]) => {
    const lambda: Attributes = { ...FUNCTION_DEFAULTS, ...attributes };
    const logging = block(lambda.logging_config);
    const reserved = Number(lambda.reserved_concurrent_executions);
    return {
      name: String(lambda.function_name),
      arn: String(lambda.arn),
      archivePath: archivePath(lambda, address),
      runtime: String(lambda.runtime),
      roleArn: String(lambda.role),
      handler: String(lambda.handler),
      memoryMegabytes: Number(lambda.memory_size),
      timeoutSeconds: Number(lambda.timeout),
      environment: environmentOf(lambda),
      logLevel: String(logging.application_log_level ?? "INFO"),
      logGroupName: String(logging.log_group ?? `/aws/lambda/${lambda.function_name}`),
      reservedConcurrency: reserved < 0 ? undefined : reserved,
      asynchronous: asynchronousOf(resources, lambda),
    };
  });

/** Terraform converts numbers and booleans to strings. */
const environmentOf = ({ environment }: Attributes): Record<string, string> => {
  const variables = Object.entries(block(block(environment).variables)).filter(([, value]) => value !== null);
  return Object.fromEntries(variables.map(([name, value]) => [name, String(value)]));
};

/** A sentence for each function that the emulator cannot run, with its address. */
export const unsupportedFunctions = (resources: Resources): { readonly address: string; readonly reason: string }[] =>
  resourcesByAddress(resources, "aws_lambda_function").flatMap(([address, lambda]) =>
    functionReasons(address, { ...FUNCTION_DEFAULTS, ...lambda }).map((reason) => ({ address, reason })),
  );

function functionReasons(address: string, lambda: Attributes): string[] {
  if (lambda.package_type === "Image" || lambda.image_uri !== undefined) return [];
  const code = typeof lambda.s3_key === "string" ? "s3_bucket" : "filename";
  const missing = [code, "handler"].filter((name) => typeof lambda[name] !== "string");
  const isNode = /^nodejs\d+\.x$/.test(String(lambda.runtime));
  return [
    ...missing.map((name) => `${address} has no ${name}. Set it.`),
    ...(isNode
      ? []
      : [
          `The emulator does not support the runtime ${lambda.runtime} of ${address}. Use a Node.js runtime such as ${FUNCTION_DEFAULTS.runtime}, or remove the function for local runs.`,
        ]),
  ];
}

/** What allows API Gateway to invoke functions. */
export interface Permissions {
  /** The resource-based policies of the functions. */
  readonly ofFunctions: readonly Attributes[];
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>;
}

export const permissionsOf = (resources: Resources, roles: ReadonlyMap<string, Role> = new Map()): Permissions => ({
  ofFunctions: resourcesOfType(resources, "aws_lambda_permission"),
  roles,
});

interface Invocation {
  readonly lambda: Attributes;
  readonly sourceArn: string;
  /** The role that API Gateway assumes to invoke the function. */
  readonly credentialsArn: Value | undefined;
}

/** Whether API Gateway may invoke a function. */
export interface InvokePermission {
  readonly mayInvoke: boolean;
  /** The address of the role that API Gateway assumes; undefined if the policy of the function decides. */
  readonly credentials?: string;
}

/**
 * Without a role, the resource-based policy of the function must allow API Gateway. With a role, only its policies count.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html#apis-apiid-integrations-prop-createintegrationinput-credentialsarn
 */
export function invokePermission(
  permissions: Permissions,
  { lambda, sourceArn, credentialsArn }: Invocation,
): InvokePermission {
  if (credentialsArn === undefined) {
    return { mayInvoke: permits(permissions, { functionName: String(lambda.function_name), sourceArn }) };
  }
  const { address = String(credentialsArn), policies = [] } = permissions.roles.get(String(credentialsArn)) ?? {};
  const statements = policies.flatMap((policy) => policy.statements);
  const access = { action: "lambda:InvokeFunction", resource: String(lambda.arn) };
  return { mayInvoke: evaluate(statements, access) === "allowed", credentials: address };
}

export interface InvocationSource {
  readonly functionName: string;
  /** Such as `<api>/<stage>/<route key>`, or the ARN of a rule. */
  readonly sourceArn: string;
  /** The service that invokes the function; default: API Gateway. */
  readonly principal?: string;
}

/**
 * Whether a function allows a service to invoke it for a source (rules HS-25, TF-11 in docs/api-gateway-rules.md).
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export const permits = (
  { ofFunctions }: Pick<Permissions, "ofFunctions">,
  { functionName, sourceArn, principal: service = "apigateway.amazonaws.com" }: InvocationSource,
): boolean =>
  ofFunctions.some(
    ({ function_name, action, principal, source_arn }) =>
      nameOf(String(function_name)) === functionName &&
      matchesGlob(String(action), "lambda:InvokeFunction") &&
      principal === service &&
      (source_arn === undefined || matchesArn(String(source_arn), sourceArn)),
  );

/** A permission contains the name of its function, or an ARN that ends with the name. */
const nameOf = (functionName: string): string => functionName.replace(/^arn:.*:function:/, "").replace(/:.*$/, "");

/** The invoke_arn of a function for that of one of its versions or aliases. The emulator runs the same code for all of them. */
export const unqualified = (invokeArn: string): string =>
  invokeArn.replace(/(:function:[^:/]+):[^:/]+(\/invocations)$/, "$1$2");

/** How Lambda processes a function's asynchronous events. Destinations are ARNs of functions or queues of the stack. */
export interface AsynchronousConfig {
  readonly retriesMax: number;
  readonly ageSecondsMax: number;
  readonly onSuccess?: string | undefined;
  readonly onFailure?: string | undefined;
  readonly deadLetterTarget?: string | undefined;
}

/** Lambda's defaults. https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const ASYNCHRONOUS_DEFAULTS = { maximum_retry_attempts: 2, maximum_event_age_in_seconds: 21_600 };

/** Throws if a destination is neither a function nor a queue of the stack. */
export function asynchronousOf(resources: Resources, lambda: Attributes): AsynchronousConfig {
  const configs = Object.values(resources.aws_lambda_function_event_invoke_config ?? {});
  const own = configs.find(({ function_name: name }) => name === lambda.function_name || name === lambda.arn);
  const config: Attributes = { ...ASYNCHRONOUS_DEFAULTS, ...own };
  const destinations = block(config.destination_config);
  const targetOf = (target: Value | undefined, use: string): string | undefined =>
    target === undefined
      ? undefined
      : supportedTarget(resources, { target, use: `${use} of the function ${lambda.function_name}` });
  return {
    retriesMax: Number(config.maximum_retry_attempts),
    ageSecondsMax: Number(config.maximum_event_age_in_seconds),
    onSuccess: targetOf(block(destinations.on_success).destination, "on_success destination"),
    onFailure: targetOf(block(destinations.on_failure).destination, "on_failure destination"),
    deadLetterTarget: targetOf(block(lambda.dead_letter_config).target_arn, "dead-letter target"),
  };
}

function supportedTarget(resources: Resources, { target, use }: { target: Value; use: string }): string {
  const { aws_lambda_function: functions = {}, aws_sqs_queue: queues = {} } = resources;
  const supported = [...Object.values(functions), ...Object.values(queues)];
  if (supported.some(({ arn }) => arn === target)) return String(target);
  throw new Error(
    `The emulator does not support ${target} as the ${use}. Use an aws_lambda_function or aws_sqs_queue of the same stack.`,
  );
}

/** An SQS queue that receives events that functions failed to process. */
export interface QueueConfig {
  readonly name: string;
  readonly arn: string;
}

export const queuesOf = (resources: Resources): QueueConfig[] =>
  Object.values(resources.aws_sqs_queue ?? {}).map(({ name, arn }) => ({ name: String(name), arn: String(arn) }));
