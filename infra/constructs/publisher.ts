import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { LambdaFunctionUrl } from "@cdktf/provider-aws/lib/lambda-function-url/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { awsName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { policyDocument, type Statement, statementId } from "./grant.ts";
import type { Worker } from "./worker.ts";

export interface PublisherProps {
  readonly environment: Environment;
  readonly settings: NonNullable<Environment["publish"]>;
  /** The function `publish`. */
  readonly worker: Worker;
}

/** The ways in which backends reach the function `publish`, and the policy that they need. */
export class Publisher extends Construct {
  /** An identity-based policy. IAM cannot see the channel of a message, so the function itself limits the channels. */
  readonly policyJson: string;
  /** Where backends send HTTP requests. Undefined without `functionUrl`. */
  readonly url: string | undefined;

  constructor(scope: Construct, id: string, props: PublisherProps) {
    super(scope, id);
    const { eventSource, functionUrl } = props.settings;
    this.url = functionUrl ? this.#openUrl(props.worker) : undefined;
    this.policyJson = policyDocument([
      invoke(props.worker),
      ...(functionUrl ? [invokeUrl(props.worker)] : []),
      ...(eventSource === undefined ? [] : [this.#takeEvents(eventSource, props)]),
    ]);
  }

  /** A URL that accepts only signed requests. It has no CORS, because pages have no AWS credentials. */
  #openUrl({ functionName }: Worker): string {
    const url = new LambdaFunctionUrl(this, "url", {
      functionName,
      authorizationType: "AWS_IAM",
      invokeMode: "BUFFERED",
    });
    withId(url, "publish");
    return `${url.functionUrl}publish`;
  }

  /** A rule for the events of one source on the default bus. Returns the permission to send them. */
  #takeEvents(source: string, { environment, worker }: PublisherProps): Statement {
    const name = awsName(environment, "publish");
    const rule = new CloudwatchEventRule(this, "rule", {
      name,
      description: "Events that the chat publishes as messages",
      eventPattern: JSON.stringify({ source: [source] }),
    });
    withId(rule, "publish");
    const permission = new LambdaPermission(this, "permission", {
      functionName: worker.functionName,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    withId(permission, "publish-events");
    const target = new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: worker.arn,
      dependsOn: [permission],
    });
    withId(target, "publish");
    return {
      Sid: statementId("send events"),
      Effect: "Allow",
      Action: ["events:PutEvents"],
      Resource: [Fn.replace(rule.arn, `rule/${name}`, "event-bus/default")],
      Condition: { StringEquals: { "events:source": [source] } },
    };
  }
}

/**
 * A caller of a function URL needs both actions. `invoke` grants the second one.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html#urls-auth-iam
 */
const invokeUrl = ({ arn }: Worker): Statement => ({
  Sid: statementId("invoke publish url"),
  Effect: "Allow",
  Action: ["lambda:InvokeFunctionUrl"],
  Resource: [arn],
  Condition: { StringEquals: { "lambda:FunctionUrlAuthType": ["AWS_IAM"] } },
});

const invoke = ({ arn }: Worker): Statement => ({
  Sid: statementId("invoke publish"),
  Effect: "Allow",
  Action: ["lambda:InvokeFunction"],
  Resource: [arn],
});
