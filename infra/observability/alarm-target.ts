import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import { partitionOf } from "../../aws/partition.ts";
import { REMOVED_AFTER_ITS_USERS } from "../constructs/removal-order.ts";
import { awsName, stackName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";

export interface AlarmTargetProps {
  readonly environment: Environment;
  /** AWS asks there whether mail is wanted, and sends none before that is confirmed. */
  readonly email: string;
}

/**
 * Where alarms go: a topic that mails them.
 *
 * It has no key of KMS. What is sent are names and numbers that no user has said; alarms cannot use AWS's own key for SNS,
 * and one of ours would be a dollar a month. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export class AlarmTarget extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, email }: AlarmTargetProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", {
      name: awsName(environment, "alarms"),
      lifecycle: REMOVED_AFTER_ITS_USERS,
    });
    withId(topic, id);
    this.arn = topic.arn;
    this.#letAlarmsPublish(topic, environment);
    withId(new SnsTopicSubscription(this, "email", { topicArn: topic.arn, protocol: "email", endpoint: email }), id);
  }

  /** In place of the policy that AWS would make, which lets the whole account publish. */
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
