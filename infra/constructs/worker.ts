import { Construct } from "constructs";
import type { Worker as WorkerRow } from "../../handlers/routes.ts";
import { awsName } from "../names.ts";
import type { AlarmTarget } from "../observability/alarm-target.ts";
import type { Environment } from "../settings/settings.ts";
import { FailedEvents } from "./failed-events.ts";
import { type Granted, statementId } from "./grant.ts";
import { LambdaFunction, type LambdaFunctionProps } from "./lambda-function.ts";

export interface WorkerProps extends Omit<LambdaFunctionProps, "name" | "timeoutSeconds"> {
  readonly worker: WorkerRow;
  readonly alarmTarget: AlarmTarget | undefined;
}

/** A row of the workers in AWS: function, its queue of failed events, and an alarm when one is in it. */
export class Worker extends Construct {
  readonly functionName: string;
  /** Of the failed events. */
  readonly queueName: string;

  constructor(scope: Construct, { worker, granted, alarmTarget, ...props }: WorkerProps) {
    super(scope, worker.entry);
    const { entry: name, timeoutSeconds } = worker;
    const { environment } = props;
    const failed = new FailedEvents(this, "failed-events", { name, environment, alarmTarget });
    const own = { ...props, name, timeoutSeconds, granted: [...granted, failed.grantSend()] };
    const lambda = new LambdaFunction(this, "lambda", own);
    failed.take(lambda, name);
    this.functionName = lambda.functionName;
    this.queueName = failed.queueName;
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
