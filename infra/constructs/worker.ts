import { Construct } from "constructs";
import type { FunctionDefinition } from "../../handlers/routes.ts";
import type { AlarmTarget } from "../observability/alarm-target.ts";
import { FailedEvents } from "./failed-events.ts";
import { type Statement, statementId } from "./grant.ts";
import { LambdaFunction, type LambdaFunctionProps } from "./lambda-function.ts";

export interface WorkerProps extends Omit<LambdaFunctionProps, "name" | "timeoutSeconds"> {
  readonly worker: FunctionDefinition;
  readonly alarmTarget: AlarmTarget | undefined;
}

/** A row of the workers in AWS: the function, its queue of failed events, and an alarm for that queue. */
export class Worker extends Construct {
  readonly arn: string;
  readonly functionName: string;
  /** The queue of failed events. */
  readonly queueName: string;

  constructor(scope: Construct, { worker, statements, alarmTarget, ...props }: WorkerProps) {
    super(scope, worker.entry);
    const { entry: name, timeoutSeconds } = worker;
    const { environment } = props;
    const failed = new FailedEvents(this, "failed-events", { name, environment, alarmTarget });
    const own = { ...props, name, timeoutSeconds, statements: [...statements, failed.grantSend()] };
    const lambda = new LambdaFunction(this, "lambda", own);
    failed.take(lambda, name);
    this.arn = lambda.arn;
    this.functionName = lambda.functionName;
    this.queueName = failed.queueName;
  }
}

/** By Terraform's address and not by an attribute: the worker may have this grant itself, and cdktf would add a dependency on itself. */
export const grantInvoke = (entry: string): Statement => ({
  Sid: statementId(`invoke ${entry}`),
  Effect: "Allow",
  Action: ["lambda:InvokeFunction"],
  Resource: [`\${aws_lambda_function.${entry}.arn}`],
});
