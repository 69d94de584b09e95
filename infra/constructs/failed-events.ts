import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { Construct } from "constructs";
import { awsName, withId } from "../names.ts";
import { failedEventsRule } from "../observability/alarm-rules.ts";
import type { AlarmTarget } from "../observability/alarm-target.ts";
import { Alarm } from "../observability/alarms.ts";
import type { Environment } from "../settings/settings.ts";
import { type Statement, statementId } from "./grant.ts";
import type { LambdaFunction } from "./lambda-function.ts";

export interface FailedEventsProps {
  /** The name of the function. */
  readonly name: string;
  readonly environment: Environment;
  readonly alarmTarget: AlarmTarget | undefined;
}

/** The longest retention of SQS, so that an operator has time to handle the events. */
const FAILED_EVENT_SECONDS = 14 * 24 * 60 * 60;

/** After an hour, a task is of no use: clients have read the message in `history`. */
const EVENT_SECONDS_MAX = 60 * 60;

/** Lambda retries after one minute, and again after two more. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRIES = 2;

/** A queue of the events that a function failed to process, and an alarm that is raised while the queue is not empty. */
export class FailedEvents extends Construct {
  readonly queueArn: string;
  readonly queueName: string;

  constructor(scope: Construct, id: string, props: FailedEventsProps) {
    super(scope, id);
    const queue = this.#createQueue(props);
    this.queueArn = queue.arn;
    this.queueName = queue.name;
    this.#createAlarm(props);
  }

  /** Lambda sends failed events with the permissions of the function, and the scheduler with those of its own role. */
  grantSend(): Statement {
    return {
      Sid: statementId("send failed events"),
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: [this.queueArn],
    };
  }

  /**
   * Configures Lambda to retry the function's events, and to send failed ones to this queue. Lambda checks that the
   * function's role may send to the queue, so the order is: the policy, the function, this configuration.
   */
  take(lambda: LambdaFunction, name: string): void {
    const config = new LambdaFunctionEventInvokeConfig(this, "events", {
      functionName: lambda.functionName,
      maximumRetryAttempts: RETRIES,
      maximumEventAgeInSeconds: EVENT_SECONDS_MAX,
      destinationConfig: { onFailure: { destination: this.queueArn } },
    });
    withId(config, name);
  }

  #createQueue({ name, environment }: FailedEventsProps): SqsQueue {
    const queue = new SqsQueue(this, "queue", {
      name: awsName(environment, `${name}-failed`),
      messageRetentionSeconds: FAILED_EVENT_SECONDS,
      sqsManagedSseEnabled: true,
    });
    return withId(queue, `${name}-failed`);
  }

  #createAlarm({ name, environment, alarmTarget: target }: FailedEventsProps): void {
    new Alarm(this, { environment, target, rule: failedEventsRule(name, this.queueName) });
  }
}
