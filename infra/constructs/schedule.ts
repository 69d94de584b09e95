import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import type { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import { awsName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import type { FailedEvents } from "./failed-events.ts";
import { policyDocument, statementId } from "./grant.ts";
import type { LambdaFunction } from "./lambda-function.ts";

export interface ScheduleProps {
  readonly name: string;
  readonly environment: Environment;
  readonly group: SchedulerScheduleGroup;
  /** `30 minutes`, `1 day`. */
  readonly every: string;
  readonly lambda: LambdaFunction;
  /** The event that the function receives. */
  readonly event: object;
  /** Gets the events that the scheduler could not deliver to the function. */
  readonly failed: FailedEvents;
}

interface SchedulerRole {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;
}

/** How long, and how often, the scheduler retries to invoke the function. */
const EVENT_SECONDS_MAX = 60 * 60;
const RETRIES = 10;

/** Invokes a function at regular intervals, with a role that permits nothing else. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    this.#createSchedule(props, this.#createRole(props));
  }

  /** Only schedules of this group can assume the role. https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
  #createRole({ name, environment, group, lambda, failed }: ScheduleProps): SchedulerRole {
    const trust = {
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceArn": group.arn } },
    };
    const role = new IamRole(this, "role", {
      name: awsName(environment, `${name}-schedule`),
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    });
    withId(role, `${name}-schedule`);
    const invoke = {
      Sid: statementId("invoke"),
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: [lambda.arn],
    } as const;
    const policy = new IamRolePolicy(this, "policy", {
      name: role.name,
      role: role.name,
      policy: policyDocument([invoke, failed.grantSend()]),
    });
    return { role, policy: withId(policy, `${name}-schedule`) };
  }

  #createSchedule(
    { name, environment, group, every, lambda, event, failed }: ScheduleProps,
    { role, policy }: SchedulerRole,
  ): void {
    const schedule = new SchedulerSchedule(this, "schedule", {
      name: awsName(environment, name),
      groupName: group.name,
      scheduleExpression: `rate(${every})`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: lambda.arn,
        roleArn: role.arn,
        input: JSON.stringify(event),
        retryPolicy: { maximumEventAgeInSeconds: EVENT_SECONDS_MAX, maximumRetryAttempts: RETRIES },
        deadLetterConfig: { arn: failed.queueArn },
      },
      // Every invocation of the schedule then has its permissions, also while the stack is destroyed.
      dependsOn: [policy],
    });
    withId(schedule, name);
  }
}
