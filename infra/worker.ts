import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { Construct } from "constructs";
import type { Worker as WorkerRow } from "../handlers/routes.ts";
import { Alarm } from "./alarm.ts";
import type { AlarmTarget } from "./alarm-target.ts";
import { type Granted, statementId } from "./grant.ts";
import { LambdaFunction, type LambdaFunctionProps } from "./lambda-function.ts";
import { ofQueue } from "./metrics.ts";
import { awsName, withId } from "./names.ts";
import type { Environment } from "./settings.ts";

export interface WorkerProps extends Omit<LambdaFunctionProps, "name" | "timeoutSeconds"> {
  readonly worker: WorkerRow;
  readonly alarmTarget: AlarmTarget | undefined;
}

/** As long as SQS keeps anything: an operator may be on holiday. */
const FAILED_EVENT_SECONDS = 14 * 24 * 60 * 60;

/** A task that could not be done for an hour is no news any more: clients have asked `history`. */
const EVENT_SECONDS_MAX = 60 * 60;

/** The rest of Lambda's attempts: the first, and one after one and one after two minutes more. */
const RETRIES = 2;

/** A row of the workers in AWS: function, its queue of failed events, and an alarm when one is in it. */
export class Worker extends Construct {
  readonly functionName: string;
  /** Of the failed events. */
  readonly queueName: string;

  constructor(scope: Construct, { worker, granted, alarmTarget, ...props }: WorkerProps) {
    super(scope, worker.entry);
    const { entry: name, timeoutSeconds } = worker;
    const queue = this.#createQueue(props.environment);
    const lambda = new LambdaFunction(this, "lambda", {
      ...props,
      name,
      timeoutSeconds,
      granted: [...granted, sendFailedEvents(queue)],
    });
    this.functionName = lambda.functionName;
    this.queueName = queue.name;
    this.#sendFailuresTo(queue, lambda);
    this.#createAlarm(props.environment, alarmTarget);
  }

  #createQueue(environment: Environment): SqsQueue {
    const queue = new SqsQueue(this, "failed-events", {
      name: awsName(environment, `${this.node.id}-failed`),
      messageRetentionSeconds: FAILED_EVENT_SECONDS,
      sqsManagedSseEnabled: true,
    });
    return withId(queue, `${this.node.id}-failed`);
  }

  #sendFailuresTo(queue: SqsQueue, lambda: LambdaFunction): void {
    const config = new LambdaFunctionEventInvokeConfig(this, "events", {
      functionName: lambda.functionName,
      maximumRetryAttempts: RETRIES,
      maximumEventAgeInSeconds: EVENT_SECONDS_MAX,
      destinationConfig: { onFailure: { destination: queue.arn } },
    });
    withId(config, this.node.id);
  }

  #createAlarm(environment: Environment, target: AlarmTarget | undefined): void {
    new Alarm(this, `${this.node.id}-failed`, {
      environment,
      description: `Events that ${this.node.id} could not do, after all retries, are in the queue ${this.queueName}.`,
      metrics: [ofQueue(this.queueName)],
      threshold: 0,
      periodSeconds: 60,
      periods: 1,
      target,
    });
  }
}

/** Leaves events to a worker. By name, and not by reference: the worker may have this right itself, and Terraform knows no circles. */
export const grantInvoke = (environment: Environment, entry: string): Granted => ({
  statement: {
    Sid: statementId(`invoke ${entry}`),
    Effect: "Allow",
    Action: ["lambda:InvokeFunction"],
    Resource: [`\${aws_lambda_function.${entry}.arn}`],
  },
  environment: { [`${entry.toUpperCase().replaceAll("-", "_")}_FUNCTION`]: awsName(environment, entry) },
});

/** Lambda sends them with the function's own rights. */
const sendFailedEvents = (queue: SqsQueue): Granted => ({
  statement: {
    Sid: statementId("send failed events"),
    Effect: "Allow",
    Action: ["sqs:SendMessage"],
    Resource: [queue.arn],
  },
  environment: {},
});
