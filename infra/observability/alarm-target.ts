import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import { partitionOf } from "../../aws/partition.ts";
import { awsName, stackName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { CREATE_BEFORE_DESTROY } from "../terraform.ts";

export interface AlarmTargetProps {
  readonly environment: Environment;
  /** SNS sends mail only after the recipient has confirmed the subscription. */
  readonly email: string;
}

/**
 * The SNS topic that sends the alarms by mail. It is not encrypted with a KMS key: alarms contain only names and numbers, they
 * cannot use the AWS managed key, and a customer managed key costs a dollar a month. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export class AlarmTarget extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, email }: AlarmTargetProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", {
      name: awsName(environment, "alarms"),
      lifecycle: CREATE_BEFORE_DESTROY,
    });
    withId(topic, id);
    this.arn = topic.arn;
    this.#letAlarmsPublish(topic, environment);
    withId(new SnsTopicSubscription(this, "email", { topicArn: topic.arn, protocol: "email", endpoint: email }), id);
  }

  /** Replaces the default policy, which lets the whole account publish. */
  #letAlarmsPublish({ arn, owner }: SnsTopic, environment: Environment): void {
    const { name: partition } = partitionOf(environment.region);
    const alarms = `arn:${partition}:cloudwatch:${environment.region}:${owner}:alarm:${stackName(environment)}-*`;
    const statement = {
      Sid: "AlarmsPublish",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: arn,
      Condition: { ArnLike: { "aws:SourceArn": alarms } },
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    withId(new SnsTopicPolicy(this, "policy", { arn, policy }), this.node.id);
  }
}
