import { join } from "node:path";
import type { Attributes, Resources } from "./configuration.ts";

/** A Lambda function. */
export interface FunctionConfig {
  readonly name: string;
  readonly roleArn: string;
  readonly archivePath: string;
  /** `<file>.<export>`, the file without its ending. */
  readonly handler: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Lines below it are dropped, as CloudWatch never sees them. */
  readonly logLevel: string;
}

/** Lambda's own defaults. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const DEFAULTS = { memory_size: 128, timeout: 3 };

export const functionsOf = (resources: Resources, stackDirectory: string): FunctionConfig[] =>
  Object.values(resources.aws_lambda_function ?? {}).map((attributes) => {
    const lambda: Attributes = { ...DEFAULTS, ...attributes };
    const logging = block(lambda.logging_config);
    return {
      name: String(lambda.function_name),
      roleArn: String(lambda.role),
      archivePath: join(stackDirectory, String(lambda.filename)),
      handler: String(lambda.handler),
      memoryMegabytes: Number(lambda.memory_size),
      timeoutSeconds: Number(lambda.timeout),
      environment: block(block(lambda.environment).variables) as Record<string, string>,
      logLevel: String(logging.application_log_level ?? "INFO"),
    };
  });

/** A nested block, empty where it is not there. */
const block = (value: unknown): Attributes => (value ?? {}) as Attributes;
