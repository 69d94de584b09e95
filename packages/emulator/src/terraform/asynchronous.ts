import { type Attributes, block, type Resources, type Value } from "./configuration.ts";

/** How Lambda processes a function's asynchronous events. Destinations are ARNs of functions or queues of the stack. */
export interface AsynchronousConfig {
  readonly retriesMax: number;
  readonly ageSecondsMax: number;
  readonly onSuccess?: string | undefined;
  readonly onFailure?: string | undefined;
  readonly deadLetterTarget?: string | undefined;
}

/** Lambda's defaults. https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const DEFAULTS = { maximum_retry_attempts: 2, maximum_event_age_in_seconds: 21_600 };

/** Throws if a destination is neither a function nor a queue of the stack. */
export function asynchronousOf(resources: Resources, lambda: Attributes): AsynchronousConfig {
  const configs = Object.values(resources.aws_lambda_function_event_invoke_config ?? {});
  const own = configs.find(({ function_name: name }) => name === lambda.function_name || name === lambda.arn);
  const config: Attributes = { ...DEFAULTS, ...own };
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
