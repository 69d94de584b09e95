import type { Resources } from "./configuration.ts";

/** An SQS queue that takes what functions could not do. */
export interface QueueConfig {
  readonly name: string;
  readonly arn: string;
}

export const queuesOf = (resources: Resources): QueueConfig[] =>
  Object.values(resources.aws_sqs_queue ?? {}).map(({ name, arn }) => ({ name: String(name), arn: String(arn) }));
