import { type Attributes, block, type Resources, type Value } from "./configuration.ts";

/** How Lambda plays a function's asynchronous events. Destinations are ARNs of this stack's functions or queues. */
export interface AsynchronousConfig {
  readonly retriesMax: number;
  readonly ageSecondsMax: number;
  readonly onSuccess?: string | undefined;
  readonly onFailure?: string | undefined;
  readonly deadLetterTarget?: string | undefined;
}

/** Lambda's own. https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const DEFAULTS = { maximum_retry_attempts: 2, maximum_event_age_in_seconds: 21_600 };

/** Throws, naming it, at a destination that the emulator does not play. */
export function asynchronousOf(resources: Resources, lambda: Attributes): AsynchronousConfig {
  const configs = Object.values(resources.aws_lambda_function_event_invoke_config ?? {});
  const own = configs.find(({ function_name: name }) => name === lambda.function_name || name === lambda.arn);
  const config: Attributes = { ...DEFAULTS, ...own };
  const destinations = block(config.destination_config);
  const check = (target: Value | undefined, what: string): string | undefined =>
    target === undefined ? undefined : known(resources, { target, what: `${what} of ${lambda.function_name}` });
  return {
    retriesMax: Number(config.maximum_retry_attempts),
    ageSecondsMax: Number(config.maximum_event_age_in_seconds),
    onSuccess: check(block(destinations.on_success).destination, "destination on_success"),
    onFailure: check(block(destinations.on_failure).destination, "destination on_failure"),
    deadLetterTarget: check(block(lambda.dead_letter_config).target_arn, "dead_letter_config"),
  };
}

function known(resources: Resources, { target, what }: { target: Value; what: string }): string {
  const { aws_lambda_function: functions = {}, aws_sqs_queue: queues = {} } = resources;
  const played = [...Object.values(functions), ...Object.values(queues)];
  if (played.some(({ arn }) => arn === target)) return String(target);
  const allowed = "It knows the aws_lambda_function and aws_sqs_queue of the same stack.";
  throw new Error(`The emulator cannot play ${target} as the ${what}. ${allowed}`);
}

/** An SQS queue that receives events that functions failed to process. */
export interface QueueConfig {
  readonly name: string;
  readonly arn: string;
}

export const queuesOf = (resources: Resources): QueueConfig[] =>
  Object.values(resources.aws_sqs_queue ?? {}).map(({ name, arn }) => ({ name: String(name), arn: String(arn) }));
