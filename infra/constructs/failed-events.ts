import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { Construct } from "constructs";
import { awsName, withId } from "../names.ts";
import { Alarm } from "../observability/alarm.ts";
import { failedEventsRule } from "../observability/alarm-rules.ts";
import type { AlarmTarget } from "../observability/alarm-target.ts";
import type { Environment } from "../settings/settings.ts";
import { type Granted, statementId } from "./grant.ts";
import type { LambdaFunction } from "./lambda-function.ts";

export interface FailedEventsProps {
  /** Whose they are: the function's name. */
  readonly name: string;
  readonly environment: Environment;
  readonly alarmTarget: AlarmTarget | undefined;
}

/** As long as SQS keeps anything: an operator may be on holiday. */
const FAILED_EVENT_SECONDS = 14 * 24 * 60 * 60;

/** A task that could not be done for an hour is no news any more: clients have asked `history`. */
const EVENT_SECONDS_MAX = 60 * 60;

/** The rest of Lambda's attempts: the first, and one after one and one after two minutes more. */
const RETRIES = 2;

/** A queue of the events that a function could not do, and an alarm when one is in it. */
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

  /** Sends them with the sender's own rights: the function's, in the case of Lambda. */
  grantSend(): Granted {
    return {
      statement: {
        Sid: statementId("send failed events"),
        Effect: "Allow",
        Action: ["sqs:SendMessage"],
        Resource: [this.queueArn],
      },
      environment: {},
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
