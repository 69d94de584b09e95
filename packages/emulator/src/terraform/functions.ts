import { resolve } from "node:path";
import { type AsynchronousConfig, asynchronousOf } from "./asynchronous.ts";
import { type Attributes, block, type Resources } from "./configuration.ts";

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
const DEFAULTS = { memory_size: 128, timeout: 3, runtime: "nodejs22.x", reserved_concurrent_executions: -1 };

export const functionsOf = (resources: Resources, stackDirectory: string): FunctionConfig[] =>
  Object.entries(resources.aws_lambda_function ?? {}).map(([id, attributes]) => {
    const lambda: Attributes = { ...DEFAULTS, ...attributes };
    const logging = block(lambda.logging_config);
    const reserved = Number(lambda.reserved_concurrent_executions);
    requireSupported(id, lambda);
    return {
      name: String(lambda.function_name),
      arn: String(lambda.arn),
      archivePath: resolve(stackDirectory, String(lambda.filename)),
      runtime: String(lambda.runtime),
      roleArn: String(lambda.role),
      handler: String(lambda.handler),
      memoryMegabytes: Number(lambda.memory_size),
      timeoutSeconds: Number(lambda.timeout),
      environment: block(block(lambda.environment).variables) as Record<string, string>,
      logLevel: String(logging.application_log_level ?? "INFO"),
      logGroupName: String(logging.log_group ?? `/aws/lambda/${lambda.function_name}`),
      reservedConcurrency: reserved < 0 ? undefined : reserved,
      asynchronous: asynchronousOf(resources, lambda),
    };
  });

function requireSupported(id: string, lambda: Attributes): void {
  for (const needed of ["filename", "handler"]) {
    if (typeof lambda[needed] !== "string") throw new Error(`aws_lambda_function.${id} has no ${needed}. Set it.`);
  }
  if (/^nodejs\d+\.x$/.test(String(lambda.runtime))) return;
  throw new Error(
    `The emulator does not support the runtime ${lambda.runtime} of aws_lambda_function.${id}. Use a Node.js runtime such as ${DEFAULTS.runtime}.`,
  );
}
