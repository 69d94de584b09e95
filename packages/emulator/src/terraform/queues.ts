import type { Resources } from "./configuration.ts";

/** An SQS queue that receives events that functions failed to process. */
export interface QueueConfig {
  readonly name: string;
  readonly arn: string;
}

export const queuesOf = (resources: Resources): QueueConfig[] =>
  Object.values(resources.aws_sqs_queue ?? {}).map(({ name, arn }) => ({ name: String(name), arn: String(arn) }));
